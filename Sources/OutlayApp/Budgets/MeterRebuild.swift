internal import OutlayCore
internal import OutlayMeters

/// Makes meters from the ledger: at the start, and when the configured budgets change.
struct MeterRebuild: Sendable {
    let ledger: MeteredLedger
    let meters: Meters
    let now: @Sendable () -> Timestamp

    /// Puts `budgets` in force, with what the ledger has for them; calls in flight stay reserved.
    ///
    /// Nothing is appended meanwhile, so that no event is counted twice or missed.
    ///
    /// - Parameter equip: gives the new meters what people decided, before any threshold is looked at.
    func adopt(_ budgets: [Budget], equip: @escaping @Sendable (inout MeterBoard) -> Void) async throws {
        var board = MeterBoard(budgets) { CivilZone($0) }
        try await ledger.exclusively { ledger in
            let now = now()
            for index in budgets.indices { try await restore(index, of: &board, from: ledger, at: now) }
            equip(&board)
            try await restoreAllowances(of: &board, from: ledger, at: now)
            let made = board
            meters.change { old in
                var next = made
                next.takeOver(old, at: now)
                next.tick(at: now)
                old = next
            }
        }
    }

    /// Calls under approvals carry the approval's name, so that none can be used twice, whatever the last process
    /// had no time to write down; the approvals' own log is written once a second.
    private func restoreAllowances(
        of board: inout MeterBoard,
        from ledger: any Ledger,
        at now: Timestamp
    ) async throws {
        let ids = board.allowances.allowances.keys.sorted()
        guard !ids.isEmpty else { return }
        let first = now.advanced(bySeconds: -Self.allowanceSeconds)
        let table = try await ledger.spend(
            SpendQuery(
                by: [.approval],
                filters: [SpendQuery.Filter(.approval, ids)],
                buckets: [first..<now.advanced(bySeconds: 1)]
            )
        )
        for row in table.rows {
            guard let id = row.key.first ?? nil else { continue }
            board.allowances.restore(posted: Consumption(row.sum).cost.picodollars, to: id)
        }
    }

    /// Longer than an approval lasts, and a call waits for one.
    private static let allowanceSeconds: Int64 = 32 * 86_400

    private func restore(
        _ index: Int,
        of board: inout MeterBoard,
        from ledger: any Ledger,
        at now: Timestamp
    ) async throws {
        let spans = board.spans(of: index, at: now)
        guard !spans.isEmpty else { return }
        let dimensions = board.watched(by: index)
        let table = try await ledger.spend(SpendQuery(by: dimensions, buckets: spans))
        let sums = table.rows.map { row in
            RestoredSum(
                values: Dictionary(zip(dimensions, row.key).compactMap { pair in pair.1.map { (pair.0, $0) } }) { $1 },
                at: spans[row.bucket].lowerBound,
                sum: Consumption(row.sum)
            )
        }
        board.restore(sums, of: index, at: now)
    }
}
