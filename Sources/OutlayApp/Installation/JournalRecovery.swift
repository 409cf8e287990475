internal import Logging
internal import OutlayCore
internal import OutlayJournal

/// Books what an earlier process wrote down and could not bring into the ledger.
///
/// Settled calls as they were; calls that were forwarded and whose end nobody saw as *indeterminate*. Replaying
/// twice is harmless: the ledger knows each event by its identity.
struct JournalRecovery: Sendable {
    let settings: Settings
    let ledger: any Ledger
    let logger: Logger

    func run(version: String) async throws {
        let recovery = try Journal.recover(directory: settings.journalFolder)
        let now = SystemClock.now()
        let lost = recovery.unsettled.map { $0.indeterminate(receivedAt: now, version: version) }
        for batch in (recovery.settlements + lost).batches(of: 1000) {
            _ = try await ledger.append(try await BackgroundResponses(ledger: ledger).settled(batch))
        }
        try recovery.discard()
        guard !recovery.settlements.isEmpty || !lost.isEmpty || recovery.damaged > 0 else { return }
        logger.notice(
            "booked what the last process left behind",
            metadata: [
                "settled": "\(recovery.settlements.count)", "indeterminate": "\(lost.count)",
                "damaged": "\(recovery.damaged)",
            ]
        )
    }
}

extension Array {
    /// Consecutive slices of at most `size` elements.
    func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
