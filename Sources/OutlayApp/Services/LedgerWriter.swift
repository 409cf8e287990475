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
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            while true {
                let batch = await journal.nextBatch()
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
        let events = batch.map(\.event)
        while !Task.isCancelled {
            do {
                _ = try await ledger.append(events)
                return true
            } catch {
                logger.error("the ledger cannot be written; trying again", metadata: ["reason": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        return false
    }
}
