internal import Logging
package import OutlayCore
internal import OutlayIngest

extension Installation {
    /// Ends the wait of weak signals whose time has come.
    func settleTelemetry() async {
        await telling("telemetry that waited could not be booked; it is tried again") { () throws(LedgerError) in
            while try await telemetry.settleDue() > 0 {}
        }
    }

    /// Has calls that telemetry told of first give way to the gateway's own events.
    func noticeTelemetry(of events: [CostEvent]) async {
        await telling("telemetry of calls that passed the gateway stays booked") { () throws(LedgerError) in
            try await telemetry.noticed(events)
        }
    }

    func forgetTelemetry() async {
        let horizon = now().advanced(bySeconds: -TelemetryTerms.keptDays * 86_400)
        await telling("old observations could not be dropped") { () throws(LedgerError) in
            try await metered.forgetTelemetry(receivedBefore: horizon)
        }
    }

    private func telling(_ trouble: Logger.Message, _ body: () async throws(LedgerError) -> Void) async {
        do {
            try await body()
        } catch {
            logger.error(trouble, metadata: ["reason": "\(error)"])
        }
    }
}

extension Installation {
    package func telemetrySources() async throws -> [TelemetrySource] {
        try await metered.telemetrySources()
    }

    package func reports(of event: CostEvent) async throws -> [String] {
        try await metered.reports(of: event)
    }

    package func runTree(_ run: String) async throws -> RunTree? {
        try await metered.runTree(run)
    }

    package func flushTelemetry() async throws {
        try await telemetry.flush()
    }
}
