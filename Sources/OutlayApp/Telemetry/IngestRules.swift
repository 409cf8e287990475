internal import OutlayCore
internal import OutlayIngest
internal import OutlayWire
internal import Synchronization

/// What telemetry is admitted, read and booked by: one snapshot of the configuration and the keys.
struct IngestRules: Sendable {
    let keys: IngestKeys
    let reading: TelemetryReadingTerms
    let booking: TelemetryTerms

    init(_ state: Installation.State) {
        let resources = state.configuration
        let known = state.clientKeys
        keys = IngestKeys(known)
        reading = TelemetryReadingTerms(
            profiles: TelemetryProfiles(configured: resources.emitters.map { ConfiguredProfile($0) }),
            spellings: Spellings(resources.tags)
        )
        let names = Dictionary(
            known.map { (TelemetrySourceName(workspace: $0.rules.workspace, key: $0.rules.name), $0.rules) }
        ) { _, newer in newer }
        booking = TelemetryTerms(
            rules: TelemetryRules(resources, pricing: state.pricing, form: \.composed),
            key: { names[$0] }
        )
    }
}

/// The rules in force, for whoever takes telemetry while they change.
final class IngestRulesBox: Sendable {
    private let rules: Mutex<IngestRules>

    init(_ rules: IngestRules) {
        self.rules = Mutex(rules)
    }

    var current: IngestRules { rules.withLock { $0 } }

    func replace(with newer: IngestRules) {
        rules.withLock { $0 = newer }
    }
}
