internal import OutlayCore

/// An observation with all that follows from it alone, made ready before the transaction that keeps it.
final class ReadyObservation: Sendable {
    let observation: Observation
    /// The first group of its trace, or its own where it stands in none.
    let group: UInt128
    /// The keys of its names; only calls are found by them.
    let names: [UInt128]
    /// As it is kept.
    let body: [UInt8]
    /// That its emitter was heard; `nil` for what is no call.
    let presence: TelemetryPresence?

    init(_ observation: Observation, from source: TelemetrySourceName, presence: TelemetryPresence?) {
        self.observation = observation
        self.presence = presence
        group =
            observation.place.map { source.group(ofTrace: $0.trace) }
            ?? source.key(of: "alone \(observation.identity)")
        names = observation.level == .call ? observation.names.map(source.key) : []
        var writer = ByteWriter(reservingCapacity: 384)
        writer.observation(observation)
        body = writer.bytes
    }

    func row(in group: UInt128, of source: Int64, at time: Timestamp) -> ObservationRow {
        ObservationRow(
            identity: observation.identity,
            body: body,
            names: names,
            group: group,
            source: source,
            receivedAt: time
        )
    }
}

/// Makes the observations of one source ready; neighbours mostly tell of one process.
struct ObservationReadier {
    private let source: TelemetrySourceName
    private var scopes: [String: UInt128] = [:]
    private var last: (instance: [String: String], signal: Observation.Signal, text: String)?

    init(source: TelemetrySourceName) {
        self.source = source
    }

    mutating func ready(_ observation: Observation) -> ReadyObservation {
        ReadyObservation(observation, from: source, presence: presence(of: observation))
    }

    private mutating func presence(of observation: Observation) -> TelemetryPresence? {
        guard observation.level == .call else { return nil }
        return TelemetryPresence(
            scope: scope(of: observation.emitter),
            minute: observation.end.minute,
            authority: observation.authority,
            instance: text(observation.instance, observation.signal)
        )
    }

    private mutating func scope(of emitter: String) -> UInt128 {
        if let known = scopes[emitter] { return known }
        let scope = TelemetryBooking.scope(of: emitter, from: source)
        scopes[emitter] = scope
        return scope
    }

    private mutating func text(_ instance: [String: String], _ signal: Observation.Signal) -> String {
        if let last, last.signal == signal, last.instance == instance { return last.text }
        let text = InstanceText.text(instance, signal: signal)
        last = (instance, signal, text)
        return text
    }
}
