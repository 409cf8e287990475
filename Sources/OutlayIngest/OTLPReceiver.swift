package import OutlayCore
package import OutlayWire

/// What the receivers of telemetry share, whatever the protocol: keys, limits, and who takes the requests.
package struct OTLPReceiver: Sendable {
    package let limits: IngestLimits
    package let allowance: BodyAllowance
    package let counts = ReceiverCounts()
    private let intake: any TelemetryIntake
    private let keys: @Sendable () -> IngestKeys
    private let now: @Sendable () -> Timestamp

    /// - Parameter keys: asked at every request, so that a revoked key ends at once.
    package init(
        intake: any TelemetryIntake,
        keys: @escaping @Sendable () -> IngestKeys,
        now: @escaping @Sendable () -> Timestamp,
        limits: IngestLimits = IngestLimits()
    ) {
        self.intake = intake
        self.keys = keys
        self.now = now
        self.limits = limits
        allowance = BodyAllowance(bytes: limits.bytesInFlightMax)
    }

    /// Finds out who sends; asked before a byte of the body is read.
    package func admit(_ credentials: [String]) throws(TelemetryRefusal) -> KeyRules {
        do {
            return try keys().rules(of: credentials, at: now())
        } catch {
            counts.refused()
            throw error
        }
    }

    /// Hands a whole body on, and returns once what it tells is durable.
    package func take(
        _ body: [UInt8],
        signal: TelemetrySignal,
        encoding: TelemetryEncoding,
        key: KeyRules
    ) async throws(TelemetryRefusal) -> IntakeResult {
        do {
            let result = try await intake.take(body, signal: signal, encoding: encoding, key: key)
            counts.took(result)
            return result
        } catch {
            counts.refused()
            throw TelemetryRefusal(error)
        }
    }
}
