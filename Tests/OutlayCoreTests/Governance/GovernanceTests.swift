import OutlayCore
import Testing

/// What is decided about budgets, besides approvals of calls.
@Suite struct GovernanceTests {
    @Test func `a budget set by command comes back as it was set`() throws {
        var form = BudgetForm(name: "all of it", limit: .dollars("12.5"))
        form.scope = [.team: "growth", .environment: "!production"]
        form.groupBy = ["agent"]
        form.period = "rolling 30 days"
        form.zone = "Europe/Berlin"
        form.enforcement = "soft"
        form.byEnvironment = ["development": "hard"]
        form.carryOver = 50
        form.message = "Ask finance."
        var step = BudgetForm.Step(percent: 80, do: ["notify: owner", "throttle: 30 calls/min", "suspend: agent"])
        step.on = .forecast
        form.at = [step, BudgetForm.Step(percent: 100, do: ["require_approval", "downgrade: gpt-5* -> gpt-5-mini"])]
        let budget = try form.budget()
        #expect(try BudgetForm(budget).budget() == budget)
        #expect(budget.calendar.period == .rolling(seconds: 30 * 86_400))
        #expect(budget.thresholds.map(\.percent) == [80, 100])
    }

    @Test(
        arguments: [
            ("30 USD", BudgetLimit(.dollars, 30 * Money.picodollarsPerDollar)),
            ("$0.5", BudgetLimit(.dollars, Money.picodollarsPerDollar / 2)),
            ("1000 tokens", BudgetLimit(.tokens, 1000)),
            ("7 calls", BudgetLimit(.calls, 7)),
            ("-1 USD", nil), ("1.5 calls", nil), ("ten", nil), ("1 EUR", nil), ("", nil),
        ] as [(String, BudgetLimit?)]
    )
    func `a limit is a figure and its unit`(_ row: (text: String, limit: BudgetLimit?)) {
        #expect(BudgetLimit(text: row.text) == row.limit)
    }

    @Test func `a grant adds to the limit until it ends`() throws {
        var stage = try GovernanceStage()
        let until = stage.now.advanced(bySeconds: 3600)
        let grant = GovernanceCommand.Adjusting(budget: "growth", amount: .dollars("20"), until: until)
        #expect(stage.problem(.adjust(grant), by: .administrator)?.message.contains("reason") == true)
        try stage.run(.adjust(grant), by: .administrator, reason: "launch week")
        let limit = Money.picodollarsPerDollar * 100
        #expect(stage.governance.adjustments.applied(to: limit, at: stage.now) == limit * 12 / 10)
        #expect(stage.governance.adjustments.applied(to: limit, at: until) == limit)
    }

    @Test func `a limit is raised far by two people only, in one step or in many`() throws {
        var stage = try GovernanceStage(aloneMost: Money(dollars: "50"))
        let until = stage.now.advanced(bySeconds: 3600)
        func adjusting(_ dollars: String, isOverride: Bool = false) -> GovernanceCommand {
            .adjust(.init(budget: "growth", isOverride: isOverride, amount: .dollars(dollars), until: until))
        }
        var raised = BudgetForm(name: "growth", limit: .dollars("151"))
        raised.scope = BudgetForm.growth.scope
        let far: [GovernanceCommand] = [
            adjusting("51"), adjusting("151", isOverride: true), .setBudget(raised), .removeBudget("growth"),
        ]
        for command in far {
            let problem = stage.problem(command, by: .administrator, reason: "launch")
            #expect(problem?.kind == .forbidden, "\(command)")
            #expect(problem?.message.contains("outlay budget increase") == true)
        }
        try stage.run(adjusting("150", isOverride: true), by: .administrator, reason: "launch")
        try stage.run(adjusting("30"), by: .administrator, reason: "launch")
        #expect(stage.problem(adjusting("30"), by: .administrator, reason: "launch")?.kind == .forbidden)
        try stage.run(adjusting("20"), by: .administrator, reason: "launch")
    }

    @Test(arguments: [
        (GovernanceCommand.removeBudget("research"), Principal.administrator, GovernanceProblem.Kind.conflict),
        (.removeBudget("none"), .administrator, .notFound),
        (.removeBudget("growth"), .approver("maria"), .forbidden),
        (.setBudget(.growth), .key("bot"), .forbidden),
        (.suspend([.agent: "scout"]), .approver("maria"), .forbidden),
        (.suspend(.everything), .administrator, .invalid),
        (.resume("sus_1"), .administrator, .notFound),
        (.signOff(budget: "growth", until: nil), .administrator, .invalid),
        (.signOff(budget: "growth", until: nil), .approver("maria"), .forbidden),
    ])
    func `what may not be done is not done`(
        _ row: (command: GovernanceCommand, by: Principal, kind: GovernanceProblem.Kind)
    ) throws {
        let stage = try GovernanceStage()
        #expect(stage.problem(row.command, by: row.by)?.kind == row.kind)
    }

    @Test func `an increase of a budget by command is granted once, by another person`() throws {
        var stage = try GovernanceStage()
        let until = stage.now.advanced(bySeconds: 86_400)
        let wanted = ApprovalRequest.Increase(budget: "growth", amount: .dollars("40"), until: until)
        try stage.run(.requestIncrease(wanted), by: .approver("omar"), reason: "the campaign")
        let again = stage.problem(.requestIncrease(wanted), by: .approver("omar"), reason: "the campaign")
        #expect(again?.kind == .conflict)
        let id = try #require(stage.governance.requests.keys.first)
        #expect(stage.problem(.approve([id], .init()), by: .approver("omar"))?.message.contains("own request") == true)
        try stage.run(.approve([id], .init()), by: .approver("maria"))
        #expect(stage.governance.given.values.map(\.amount) == [.dollars("40")])
        #expect(stage.problem(.approve([id], .init()), by: .administrator)?.kind == .conflict)
    }

    @Test func `an increase of a budget in a file is a patch, and nothing is applied`() throws {
        var stage = try GovernanceStage()
        let until = stage.now.advanced(bySeconds: 86_400)
        let wanted = ApprovalRequest.Increase(budget: "research", amount: .dollars("40"), until: until)
        try stage.run(.requestIncrease(wanted), by: .approver("omar"), reason: "the grant")
        let id = try #require(stage.governance.requests.keys.first)
        try stage.run(.approve([id], .init()), by: .administrator)
        #expect(stage.governance.adjustments.isEmpty)
        let patch = try #require(stage.governance.requests[id]?.decision?.patch)
        #expect(patch.contains("budgets.yaml:7") && patch.contains("name: research\n    limit: 140 USD"))
    }

    @Test func `what was suspended is suspended once, and resumed by name`() throws {
        var stage = try GovernanceStage()
        let scope = Scope(exactly: [Tag(.agent, "scout")])
        try stage.run(.suspend(scope), by: .administrator, reason: "loops")
        #expect(stage.problem(.suspend(scope), by: .administrator)?.kind == .conflict)
        let id = try #require(stage.governance.suspensions.keys.first)
        try stage.run(.resume(id), by: .administrator)
        #expect(stage.governance.suspensions.isEmpty)
    }

    @Test func `a threshold is known as announced in its window only`() throws {
        var stage = try GovernanceStage()
        var found = Announcement(
            budget: "growth",
            group: [],
            window: stage.now,
            limit: .dollars("100"),
            spent: .dollars("80")
        )
        found.percent = 80
        found.basis = .actual
        #expect(!stage.governance.isAnnounced(found))
        stage.take([.thresholdReached(found)], by: .outlay)
        #expect(stage.governance.isAnnounced(found))
        found.window += 1
        #expect(!stage.governance.isAnnounced(found))
    }
}
