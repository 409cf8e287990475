internal import OutlayCore
internal import OutlayWire

/// A request head that may go on: who calls what, where it goes, and under which configuration.
///
/// A class, because a call and its attempts all look at it.
final class AcceptedHead {
    let snapshot: GatewaySnapshot
    let method: String
    private let resolved: ResolvedPath
    let query: String
    let caller: CallerKey
    let fields: RequestFields
    /// What a verified token says of the caller.
    let token: TokenClaims?

    /// Checks a head; nothing of the body has been read.
    ///
    /// `dialect` is set as soon as it is known, for the shape of a refusal.
    init(_ head: RequestHead, state: LoopState, dialect: inout Upstream.Dialect) throws(Refusal) {
        let core = state.core
        let snapshot = core.snapshots.snapshot
        self.snapshot = snapshot
        method = head.method
        guard method != "CONNECT", method != "TRACE", head.target.utf8.first == UInt8(ascii: "/") else {
            throw .badTarget
        }
        let fields = RequestFields(head.fields, attributing: snapshot.attributing)
        self.fields = fields
        let (path, rawQuery) = Self.split(head.target)
        let resolved = try Self.resolve(path, fields, method: method, state.paths, under: snapshot, dialect: &dialect)
        self.resolved = resolved
        let target = resolved.target
        dialect = target.upstream.dialect
        guard fields.marks.hostCount == 1 else { throw .oneHost }
        let parsed = Query(rawQuery)
        let caller = try CallerKey(fields, query: parsed, target: target, snapshot: snapshot, seams: core.seams)
        self.caller = caller
        query = Self.query(parsed, passing: caller.passedQueryKey)
        if let verifier = snapshot.tokens {
            token = try CallerToken.claims(head, by: verifier, at: core.seams.now())
        } else {
            token = nil
        }
        let rules = caller.stored.rules
        guard rules.allows(upstream: target.upstream.name) else {
            throw .upstreamNotAllowed(target.upstream.name, key: rules.name)
        }
        try checkBody()
    }

    var target: UpstreamTarget { resolved.target }
    /// Everything below the upstream's prefix, without the query.
    var path: String { resolved.path }
    var route: Route { resolved.route }

    /// Whether Outlay itself is asked what turns cost.
    var isTurnCosts: Bool { TurnCostsQuestion.isAsked(method: method, path: path) }

    /// The path to ask `other` for, without the query.
    func path(at other: UpstreamTarget) -> String {
        other === resolved.target ? resolved.forwarded : PublicPath.join(base: other.origin.path, path: path)
    }

    private func checkBody() throws(Refusal) {
        guard route.billing != .refused, !fields.marks.isWebSocket else { throw .webSocket }
        guard !fields.marks.isEncoded else { throw .encodedBody }
        if let length = fields.contentLength, length > snapshot.limits.bodyBytesMax {
            throw .tooLarge(snapshot.limits.bodyBytesMax)
        }
        let hasKey = target.credential != nil || target.upstream.key == .client || target.upstream.key == .none
        guard hasKey else { throw .missingProviderKey(target.upstream.name) }
    }

    private static func split(_ target: String) -> (path: String, query: Substring) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
        return (String(target[..<mark]), target[target.utf8.index(after: mark)...])
    }

    private static func resolve(
        _ path: String,
        _ fields: RequestFields,
        method: String,
        _ paths: KnownPaths,
        under snapshot: GatewaySnapshot,
        dialect: inout Upstream.Dialect
    ) throws(Refusal) -> ResolvedPath {
        let hasVersion = fields.marks.hasAnthropicVersion
        let name = KnownPaths.Name(method: method, path: path, hasAnthropicVersion: hasVersion)
        if let known = paths.find(name, under: snapshot) { return known }
        let found: PublicPath
        do throws(PublicPath.Problem) {
            found = try PublicPath(path, hasAnthropicVersion: hasVersion)
        } catch {
            switch error {
            case .unsafe:
                throw Refusal(.invalidPath, "The path has segments that could mean another path; write it plainly.")
            case .unknown: throw .unknownUpstream(String(path.prefix(64)))
            }
        }
        guard let target = snapshot.target(named: found.upstream) else {
            dialect = Self.dialect(named: found.upstream)
            throw .unknownUpstream(found.upstream)
        }
        let resolved = ResolvedPath(target: target, path: found.path, method: method)
        paths.add(resolved, as: name)
        return resolved
    }

    private static func query(_ query: Query, passing key: String?) -> String {
        guard let key else { return query.forwarded }
        return query.forwarded.isEmpty ? "key=\(key)" : "\(query.forwarded)&key=\(key)"
    }

    private static func dialect(named name: String) -> Upstream.Dialect {
        switch name {
        case "anthropic": .anthropic
        case "gemini": .gemini
        default: .openai
        }
    }
}
