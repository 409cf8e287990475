import OutlayCore
import Testing

/// A governance with one budget by command, one in a file, and three approvers, whose clock the test moves.
struct GovernanceStage {
    var governance = Governance()
    var now = Timestamp(seconds: 1_795_176_000)
    var drafts: [AuditDraft] = []
    private var count = 0

    init(aloneMost: Money? = nil) throws {
        var settings = ApprovalSettings(expiresSeconds: 3600, aloneMost: aloneMost)
        let secret = KeySecret.environment("TOKEN")
        settings.approvers = [
            .init(name: "maria", secret: secret), .init(name: "omar", secret: secret, teams: ["growth"]),
            .init(name: "lin", secret: secret, max: Money(dollars: "50")),
        ]
        let file = Budget(
            name: "research",
            limit: BudgetLimit(Money(picodollars: 100 * Money.picodollarsPerDollar)),
            origin: .file("budgets.yaml", line: 7)
        )
        governance.use(budgets: [file], adjustments: [], settings: settings)
        try run(.setBudget(.growth), by: .administrator)
    }

    @discardableResult
    mutating func run(
        _ command: GovernanceCommand,
        by principal: Principal,
        reason: String? = nil
    ) throws(GovernanceProblem) -> [GovernanceChange] {
        count += 1
        let changes = try governance.decide(command, by: principal, id: "id_\(count)", reason: reason, at: now)
        take(changes, by: principal, reason: reason)
        return changes
    }

    mutating func take(_ changes: [GovernanceChange], by principal: Principal, reason: String? = nil) {
        for change in changes {
            let draft = AuditDraft(at: now, actor: principal, change: change, reason: reason)
            governance.apply(draft)
            drafts.append(draft)
        }
    }

    /// Asks for a call of the agent `scout` and returns the request's id; `nil` when it was refused.
    mutating func ask(
        key: String? = "bot",
        run: String? = "r1",
        team: String? = "growth",
        user: String? = nil
    ) -> String? {
        count += 1
        var question = ApprovalQuestion(names: ["growth"], key: key)
        question.agent = "scout"
        question.run = run
        question.team = team
        question.user = user
        question.estimate = Money(dollars: "2")
        switch governance.ask(question, id: "id_\(count)", at: now) {
        case .known(let request): return request.id
        case .refused: return nil
        case .new(let request):
            take([.approvalRequested(request)], by: request.requester)
            return request.id
        }
    }

    func problem(_ command: GovernanceCommand, by principal: Principal, reason: String? = nil) -> GovernanceProblem? {
        do {
            _ = try governance.decide(command, by: principal, id: "id", reason: reason, at: now)
            return nil
        } catch {
            return error
        }
    }
}

extension BudgetForm {
    static var growth: BudgetForm {
        var form = BudgetForm(name: "growth", limit: BudgetLimit(text: "100 USD") ?? BudgetLimit(.calls, 0))
        form.scope = [.team: "growth"]
        return form
    }
}

extension BudgetLimit {
    static func dollars(_ text: String) -> BudgetLimit { BudgetLimit(Money(dollars: text) ?? .zero) }
}
