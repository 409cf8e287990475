package import OutlayCore
package import OutlayWire

/// What the receivers hand a request to: it reads, keeps and books it, and returns once that is durable.
package protocol TelemetryIntake: Sendable {
    func take(
        _ body: [UInt8],
        signal: TelemetrySignal,
        encoding: TelemetryEncoding,
        key: KeyRules
    ) async throws(IntakeFailure) -> IntakeResult
}

/// What became of the records of one request.
package struct IntakeResult: Hashable, Sendable {
    package var accepted: Int
    /// Told to the emitter as `partial_success`, which it does not send again.
    package var rejected: Int
    /// Why records were rejected, or a warning where none was.
    package var message: String?

    package init(accepted: Int, rejected: Int = 0, message: String? = nil) {
        self.accepted = accepted
        self.rejected = rejected
        self.message = message
    }
}

/// Why nothing of a request was taken; nothing of it was kept.
package enum IntakeFailure: Error, Hashable, Sendable {
    /// The bytes are not a request; sending them again cannot help.
    case malformed(String)
    /// More is coming in than can be booked; the same request is welcome after that time.
    case busy(retryAfterSeconds: Int)
    /// The ledger cannot be written; the same request is welcome after that time.
    case unavailable(retryAfterSeconds: Int)
}
