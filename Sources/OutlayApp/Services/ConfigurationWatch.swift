internal import OutlayConfig
internal import Synchronization

/// Notices changed configuration files and has them taken in.
final class ConfigurationWatch: Sendable {
    private let configuration: Configuration
    private let installation: Installation
    private let seen: Mutex<Fingerprint?>

    init(settings: Settings, installation: Installation) {
        configuration = Configuration(settings)
        self.installation = installation
        seen = Mutex(Configuration(settings).fingerprint)
    }

    /// Each change is taken in, or refused, once.
    func look() async {
        let now = configuration.fingerprint
        let isChanged = seen.withLock { seen in
            defer { seen = now }
            return seen != now
        }
        if isChanged { await installation.reload() }
    }
}
