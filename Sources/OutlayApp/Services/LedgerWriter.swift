internal import Logging
internal import OutlayCore
internal import OutlayJournal
internal import ServiceLifecycle

/// Carries settlements from the journal into the ledger, in groups, and frees the journal behind them.
///
/// While the ledger cannot be written (a full disk) nothing is dropped: the batch is tried again until it is
/// in, the journal fills up behind it and the gateway refuses new calls with 503.
struct LedgerWriter: Service {
    let journal: Journal
    let ledger: any Ledger
    /// Hears what was booked: telemetry may have told of the call before the gateway did.
    let noticed: @Sendable ([CostEvent]) async -> Void
    let health: StoreHealth
    let logger: Logger

    /// Settlements of one transaction: the more wait, the less each costs.
    private static let batchMax = 1024

    func run() async throws {
        await withGracefulShutdownHandler {
            while true {
                let batch = await journal.nextBatch(max: Self.batchMax)
                guard !batch.isEmpty else { return }
                guard await append(batch) else { return }
                journal.committed(batch)
            }
        } onGracefulShutdown: {
            journal.finish()
        }
    }

    /// - Returns: `false` when the process is being cancelled; the batch then stays in the journal.
    private func append(_ batch: [JournalEntry]) async -> Bool {
        var events = batch.map(\.event)
        while !Task.isCancelled {
            health.appendBegins()
            do {
                let settled = try await BackgroundResponses(ledger: ledger).settled(events)
                _ = try await ledger.append(settled)
                health.appendEnded(hasFailed: false)
                await noticed(settled)
                return true
            } catch .unbookable(let id, let reason) {
                logger.error(
                    "an event is beyond what a row can hold",
                    metadata: ["event": "\(id)", "reason": "\(reason)"]
                )
                events = events.map { $0.id.id == id ? $0.withoutAmounts : $0 }
            } catch {
                health.appendEnded(hasFailed: true)
                logger.error("the ledger cannot be written; trying again", metadata: ["reason": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        return false
    }
}
