import OutlayCore
import OutlayWeb
import OutlayWire
import Synchronization

/// Real decisions in memory: one budget, the approver maria (`token-maria`) and the key bot (`key-bot`), which asked
/// twice.
final class FakeGovernance: GovernanceOperations {
    private let state: Mutex<Governance>
    private let now = Timestamp(seconds: 1_795_176_000)

    init() {
        var governance = Governance()
        var settings = ApprovalSettings()
        settings.approvers = [ApprovalSettings.Approver(name: "maria", secret: .environment("MARIA"))]
        let growth = Budget(name: "growth", limit: BudgetLimit(.dollars, 100 * Money.picodollarsPerDollar))
        governance.use(budgets: [growth], adjustments: [], settings: settings)
        var question = ApprovalQuestion(names: ["growth"], key: "bot")
        question.agent = "<b>scout</b>"
        for (id, run) in [("apr_1", "r1"), ("apr_2", "r2")] {
            question.run = run
            guard case .new(let request) = governance.ask(question, id: id, at: now) else { continue }
            governance.apply(AuditDraft(at: now, actor: request.requester, change: .approvalRequested(request)))
        }
        state = Mutex(governance)
    }

    func isIngestOnly(key name: String) -> Bool { name == "ingest" }

    func principal(for secret: String) -> Principal? {
        switch secret {
        case "token-maria": .approver("maria")
        case "token-gone": .approver("gone")
        case "key-bot": .key("bot")
        case "key-other": .key("other")
        case "key-ingest": .key("ingest")
        default: nil
        }
    }

    func isApprover(_ name: String) -> Bool { decided.settings.approver(name) != nil }
    var decided: Governance { state.withLock { $0 } }
    func link(to request: String) -> String { "http://127.0.0.1:7070/approvals/" + request }

    func budgets() -> [BudgetAnswer] {
        decided.allBudgets(files: Array(decided.fileBudgets.values)).map { budget in
            let limit = budget.limit.amount
            let figures = MeterAnswer.Figures(limit: limit, posted: limit / 2, reserved: 0, forecast: 0, carried: 0)
            return BudgetAnswer(
                budget,
                meters: [MeterAnswer(budget, group: [], window: now..<now, figures: figures)]
            )
        }
    }

    func agent(_ name: String) -> AgentAnswer {
        let found = decided.suspensions.values.filter { $0.scope == Scope(exactly: [Tag(.agent, name)]) }
        return AgentAnswer(
            name: name,
            state: found.isEmpty ? .running : .suspended,
            why: [],
            suspensions: found,
            meters: budgets().flatMap(\.meters)
        )
    }

    func execute(
        _ command: GovernanceCommand,
        by principal: Principal,
        reason: String?,
        request: String
    ) async throws -> [GovernanceChange] {
        try state.withLock { governance in
            let changes = try governance.decide(command, by: principal, id: "id_1", reason: reason, at: now)
            for change in changes {
                governance.apply(AuditDraft(at: now, actor: principal, change: change, reason: reason))
            }
            return changes
        }
    }

    func audit(before sequence: Int64, limit: Int) async throws -> [AuditEntry] {
        [AuditEntry(sequence: 1, AuditDraft(at: now, actor: .outlay, change: .resumed("sus_1")))]
    }

    func admit(_ question: AdmissionQuestion, by principal: Principal) throws(GovernanceProblem) -> AdmissionAnswer {
        AdmissionAnswer(.suspended, message: "\(principal)")
    }

    func settle(_ id: String, cost: Money, by principal: Principal) throws(GovernanceProblem) -> AdmissionAnswer {
        throw .notFound("There is no admission '\(id)'.")
    }

    func release(_ id: String, by principal: Principal) throws(GovernanceProblem) {
        throw .notFound("There is no admission '\(id)'.")
    }
}
