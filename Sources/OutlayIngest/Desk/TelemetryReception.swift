package import OutlayCore
package import OutlayWire

/// How requests of telemetry are read: the profiles, and which attributes are worth keeping.
package struct TelemetryReadingTerms: Sendable {
    let profiles: TelemetryProfiles
    let spellings: Spellings
    let interest: AttributeInterest
    let limits: TelemetryLimits

    package init(profiles: TelemetryProfiles, spellings: Spellings, limits: TelemetryLimits = TelemetryLimits()) {
        self.profiles = profiles
        self.spellings = spellings
        self.limits = limits
        interest = profiles.interest(spellings: spellings)
    }
}

/// Reads requests, each on its sender's task, and has the desk book what they tell.
package struct TelemetryReception: TelemetryIntake {
    private let desk: TelemetryDesk
    private let terms: @Sendable () -> TelemetryReadingTerms

    package init(desk: TelemetryDesk, terms: @escaping @Sendable () -> TelemetryReadingTerms) {
        self.desk = desk
        self.terms = terms
    }

    package func take(
        _ body: [UInt8],
        signal: TelemetrySignal,
        encoding: TelemetryEncoding,
        key: KeyRules
    ) async throws(IntakeFailure) -> IntakeResult {
        let terms = terms()
        let reader = TelemetryReader(encoding: encoding, interest: terms.interest, limits: terms.limits)
        var reading = TelemetryReading(profiles: terms.profiles, spellings: terms.spellings)
        do {
            try reader.read(body, signal: signal, into: &reading)
        } catch {
            throw .malformed(error.message)
        }
        let result = IntakeResult(
            accepted: reading.accepted,
            rejected: reading.rejections.values.reduce(0, +),
            message: Self.message(reading.rejections)
        )
        let delivery = TelemetryDelivery(key: key, reading)
        if delivery.size > 0 || !delivery.rejected.isEmpty {
            for part in delivery.parts(of: TelemetryDesk.batchMax) { try await book(part) }
        }
        return result
    }

    private func book(_ delivery: TelemetryDelivery) async throws(IntakeFailure) {
        var isTaken = false
        do {
            isTaken = try await desk.book(delivery)
        } catch {
            throw .unavailable(retryAfterSeconds: 10)
        }
        if !isTaken { throw .busy(retryAfterSeconds: 5) }
    }

    /// What was refused and why, for the emitter's log.
    private static func message(_ rejections: [TelemetryRejection: Int]) -> String? {
        guard !rejections.isEmpty else { return nil }
        return rejections.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) × \($0.key.rawValue)" }.joined(separator: ", ")
    }
}

extension TelemetryDelivery {
    init(key: KeyRules, _ reading: TelemetryReading) {
        var rejected: [String: Int64] = [:]
        for (reason, count) in reading.rejections { rejected[reason.rawValue] = Int64(count) }
        self.init(key: key, observations: reading.observations, points: reading.points, rejected: rejected)
    }
}
