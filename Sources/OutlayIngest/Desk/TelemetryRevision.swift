internal import OutlayCore

/// The events of one reported call over time: booked, corrected, taken back, booked again.
///
/// Each has an identity that follows from the report's and the revision's number, so that the same step made twice is
/// booked once.
struct TelemetryRevision {
    /// The identity of the first event.
    let first: EventID
    private let name: String
    /// How many steps were made before.
    private let revision: Int64

    /// What two keys report is never one event: ids of spans travel far, and nobody may take back what another booked.
    init(_ observation: Observation, from source: TelemetrySourceName, revision: Int64) {
        var fingerprint = Fingerprinter()
        fingerprint.add(source.fingerprint)
        fingerprint.add(observation.identity)
        let name = TimedName.text(fingerprint.value.hexadecimal(digits: 32), at: observation.start)
        self.init(name: name, emitter: observation.emitter, revision: revision)
    }

    init(name: String, emitter: String, revision: Int64) {
        self.name = name
        self.revision = revision
        first = EventID(source: "otlp:\(emitter)", id: name)
    }

    /// The events that lead from what stands to `event`, or to nothing; none when both say the same.
    func steps(
        to event: CostEvent?,
        isStanding: Bool,
        now: Timestamp,
        in tables: any TelemetryTransaction
    ) throws -> [CostEvent] {
        guard isStanding, let old = try tables.standing(of: first) else {
            guard var event else { return [] }
            if revision > 0 {
                event.id = step("replacement")
                event.kind = .replacement(of: first)
            }
            return [event]
        }
        guard var event else { return [reversal(of: old, now: now)] }
        event.id = step("replacement")
        event.kind = .replacement(of: old.id)
        if old.isSameConsumption(as: event) {
            // Late tags never change an amount, whatever prices did meanwhile.
            event.rating = old.rating
            event.avoidedCost = old.avoidedCost
        }
        guard !old.isSameFact(as: event) else { return [] }
        return [reversal(of: old, now: now), event]
    }

    private func reversal(of old: CostEvent, now: Timestamp) -> CostEvent {
        var reversal = old
        reversal.id = step("reversal")
        reversal.kind = .reversal(of: old.id)
        reversal.receivedAt = now
        return reversal
    }

    private func step(_ kind: String) -> EventID {
        EventID(source: "otlp", id: "\(name)@\(revision + 1):\(kind)")
    }
}

extension CostEvent {
    /// Whether both consumed the same of the same.
    fileprivate func isSameConsumption(as other: CostEvent) -> Bool {
        service == other.service && metering.parts == other.metering.parts && at == other.at
            && metering.quality == other.metering.quality && reportedCost == other.reportedCost
    }

    /// Whether both say the same, whatever their names and when they were learned.
    fileprivate func isSameFact(as other: CostEvent) -> Bool {
        var same = other
        same.id = id
        same.kind = kind
        same.receivedAt = receivedAt
        return self == same
    }
}
