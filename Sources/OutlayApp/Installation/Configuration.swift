internal import Logging
internal import OutlayConfig
internal import OutlayCore

/// The YAML files an installation is configured with, or the built-in upstreams when there are none.
struct Configuration: Sendable {
    private let path: String?

    init(_ settings: Settings) {
        path = settings.configuration
    }

    /// Reads everything.
    ///
    /// - Throws: a ``StartFailure`` with every error at once, one per line.
    func resources(logger: Logger) throws(StartFailure) -> Resources {
        guard let path else { return Resources().withDefaultUpstreams() }
        let validation = ConfigFiles(path).validate()
        for diagnostic in validation.diagnostics where diagnostic.severity == .warning {
            logger.warning("\(diagnostic)")
        }
        guard let resources = validation.resources else {
            let errors = validation.diagnostics.filter { $0.severity == .error }.map(String.init(describing:))
            throw StartFailure(
                "the configuration has errors:\n" + errors.joined(separator: "\n"),
                fault: .configuration
            )
        }
        return resources.withDefaultUpstreams()
    }

    /// Changes when any of the files does; `nil` without files.
    var fingerprint: Fingerprint? {
        path.map { ConfigFiles($0).fingerprint() }
    }
}
