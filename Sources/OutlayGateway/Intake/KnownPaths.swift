internal import OutlayCore
internal import OutlayWire

/// Where a request's path leads: the same answer for the same path, as long as the configuration is the same.
final class ResolvedPath {
    let target: UpstreamTarget
    /// Everything below the upstream's prefix, without the query.
    let path: String
    let route: Route
    /// The path to ask the target for, without the query.
    let forwarded: String

    init(target: UpstreamTarget, path: String, method: String) {
        self.target = target
        self.path = path
        route = OutlayWire.route(method: method, path: path, dialect: target.upstream.dialect)
        forwarded = PublicPath.join(base: target.origin.path, path: path)
    }
}

/// The paths a loop has resolved under the snapshot in force: programs call a handful, over and over.
final class KnownPaths {
    struct Name: Hashable {
        var method: String
        var path: String
        var hasAnthropicVersion: Bool
    }

    /// The number of the snapshot they were resolved under.
    private var snapshot: Int?
    private var paths: [Name: ResolvedPath] = [:]

    /// Beyond this many all are forgotten: a caller may put an id into every path.
    private static let countMax = 256
    private static let lengthMax = 256

    /// The path of that name, if it was resolved under the same snapshot.
    func find(_ name: Name, under current: GatewaySnapshot) -> ResolvedPath? {
        if snapshot != current.number {
            snapshot = current.number
            paths = [:]
        }
        return paths[name]
    }

    /// Remembers a path of the snapshot that was asked about last.
    func add(_ path: ResolvedPath, as name: Name) {
        guard name.path.utf8.count <= Self.lengthMax else { return }
        if paths.count >= Self.countMax { paths = [:] }
        paths[name] = path
    }
}
