internal import Logging
internal import OutlayCore
package import OutlayMeters

/// What was decided reaches the meters.
extension GovernanceDesk {
    /// Has the meters follow; whoever waits for room is asked again.
    func obey() {
        let governance = governance
        meters.change { Self.obey(governance, &$0) }
    }

    /// Gives fresh meters what was decided, and what was announced before, so that no threshold is announced again.
    package func equip(_ board: inout MeterBoard) {
        let governance = governance
        Self.obey(governance, &board)
        let now = now()
        governance.forEachAnnounced { budget, group, window, threshold in
            board.wasAnnounced(threshold, of: budget, group: group, window: window, at: now)
        }
    }

    /// Puts meters in force that have seen nothing, where there is no ledger to ask.
    func makeEmptyMeters() {
        var board = MeterBoard(budgets) { CivilZone($0) }
        equip(&board)
        let made = board
        meters.change { $0 = made }
    }

    /// Makes the meters anew: at the start, and when the set of budgets changed.
    package func remakeMeters() async throws {
        try await makeMeters(self)
        reopenAdmissions()
    }

    /// While the ledger cannot be read the meters before stay in force.
    func remakeMetersOrTell() async {
        do {
            try await remakeMeters()
        } catch {
            logger.error("the changed budgets are not in force yet", metadata: ["reason": "\(error)"])
        }
    }

    private static func obey(_ governance: Governance, _ board: inout MeterBoard) {
        board.use(adjustments: governance.adjustments)
        board.suspensions = governance.suspensions.values.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        board.use(
            signOffs: governance.signOffs.mapValues {
                CriticalCap.SignOff(by: $0.by, from: $0.from, until: $0.until)
            }
        )
        for approval in governance.approvals.values { board.allowances.add(Allowance(approval)) }
    }
}

extension Allowance {
    /// What an approval lets through, with what was taken of it before.
    init(_ approval: Approval) {
        self.init(
            id: approval.id,
            scope: approval.scope,
            subjects: Set(approval.request.subjects),
            amount: approval.terms.amount?.picodollars,
            until: approval.terms.until,
            isOnce: approval.terms.extent == .once
        )
        resume(posted: approval.posted.picodollars, isUsed: approval.isUsed)
    }
}
