import Foundation
import OutlayConfig
import OutlayCore
import Testing

@Suite struct BudgetTests {
    private let full: Resources

    init() throws {
        full = try #require(
            ConfigFiles(FixtureTests.folder.appending(path: "full.good.yaml").path).validate().resources
        )
    }

    @Test func `a budget says whose calls count, when and up to how much`() throws {
        let budget = try #require(full.budgets.first)
        #expect(budget.name == "marketing-monthly")
        #expect(budget.groupBy == [.agent])
        #expect(
            budget.calendar
                == BudgetCalendar(
                    .month,
                    zone: "Europe/Paris",
                    fiscalStart: BudgetCalendar.FiscalStart(month: 1, day: 15)
                )
        )
        #expect(budget.limit == BudgetLimit(Self.dollars(5000)))
        #expect(budget.enforcement == .hard)
        #expect(budget.carryOver == CarryOver(percentMax: 50))
        #expect(budget.message == "The marketing budget is used up; see the wiki.")
        #expect(budget.owner == "ana@example.com")
        let file = FixtureTests.folder.appending(path: "full.good.yaml").path
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let line = try #require(lines.firstIndex(of: "  - name: marketing-monthly"))
        #expect(budget.origin == .file(file, line: line + 1))
    }

    @Test func `the values of a scope are alternatives, and aliases mean what tags have`() throws {
        let scope = try #require(full.budgets.first).scope
        #expect(
            scope
                == Scope([
                    Scope.Condition(.team, [ValuePattern("marketing")]),
                    Scope.Condition(.environment, [ValuePattern("production"), ValuePattern("!test")]),
                    Scope.Condition(.model, [ValuePattern("gpt-*")]),
                    Scope.Condition(.customer, [ValuePattern("")]),
                ])
        )
    }

    @Test func `thresholds say at what, how grave and what is done`() throws {
        let thresholds = try #require(full.budgets.first).thresholds
        let thirty = try #require(ThrottleRate("30/min"))
        let swaps = [
            ModelSwap(from: "gpt-5", to: "gpt-5-mini"), ModelSwap(from: "claude-opus-*", to: "claude-sonnet-5"),
            ModelSwap(from: "claude-opus-*", to: "claude-haiku-4-5"),
        ]
        #expect(
            thresholds == [
                Threshold(percent: 50, severity: .info, actions: [.notify("owner")]),
                Threshold(
                    percent: 80,
                    basis: .forecast,
                    actions: [.notify("lead"), .notify("#finops"), .throttle(thirty)]
                ),
                Threshold(percent: 90, actions: [.downgrade(swaps)]),
                Threshold(
                    percent: 95,
                    severity: .critical,
                    actions: [.downgrade([ModelSwap(to: "gpt-5-mini")]), .suspend(.agent)]
                ),
                Threshold(percent: 100, actions: [.requireApproval, .notify("owner")], message: "Ask Ana."),
                Threshold(percent: 120, actions: [.block, .suspend(.scope)]),
            ]
        )
    }

    @Test func `critical calls have a second limit once it is signed off`() throws {
        let critical = try #require(full.budgets.first?.critical)
        #expect(critical.scopes == [[.purpose: "incident"], [.agent: "pager"]])
        #expect(critical.limit == Self.dollars(6000).picodollars)
        let november = try #require(CivilDate("2026-11-01")).startUTC
        let december = try #require(CivilDate("2026-12-01")).startUTC
        #expect(critical.signOff == CriticalCap.SignOff(by: "cfo@example.com", from: november, until: december))
    }

    @Test func `grants are dated increases with a name of their own`() throws {
        let november = try #require(CivilDate("2026-11-20")).startUTC
        let december = try #require(Timestamp(rfc3339: "2026-11-30T23:00:00Z"))
        #expect(
            full.adjustments == [
                Adjustment(
                    id: "marketing-monthly@2026-11-20T00:00:00Z",
                    budget: "marketing-monthly",
                    change: .grant(Self.dollars(2000).picodollars),
                    from: november,
                    until: december,
                    by: "dana",
                    reason: "Launch"
                ),
                Adjustment(
                    id: "apr-7",
                    budget: "marketing-monthly",
                    group: ["writer"],
                    change: .override(Self.dollars(9000).picodollars),
                    from: Timestamp(seconds: 0),
                    until: try #require(CivilDate("2027-01-01")).startUTC,
                    by: "dana",
                    reason: "The big one"
                ),
            ]
        )
    }

    @Test func `what a budget does not say, the defaults do`() throws {
        let tokens = full.budgets[1]
        #expect(tokens.calendar == BudgetCalendar(.week, zone: "Europe/Berlin", firstWeekday: 7))
        #expect(tokens.limit == BudgetLimit(.tokens, 2_000_000))
        #expect(tokens.enforcement == Enforcement(isHard: true, byEnvironment: ["production": false]))
        #expect(tokens.groupBy == [.team])
        #expect(tokens.thresholds.isEmpty)
        let yearStart = BudgetCalendar.FiscalStart(month: 4, day: 1)
        #expect(full.budgets[2].calendar == BudgetCalendar(.month, zone: "Europe/Berlin", fiscalStart: yearStart))
    }

    @Test func `the shape of other tools means the same`() {
        let budget = full.budgets[2]
        #expect(budget.name == "platform-monthly")
        #expect(budget.scope == [.workspace: "platform"])
        #expect(budget.limit == BudgetLimit(Self.dollars(15_000)))
        #expect(
            budget.thresholds == [
                Threshold(percent: 80, actions: [.notify("owner")]),
                Threshold(percent: 100, actions: [.requireApproval], message: "Ask the platform team."),
            ]
        )
    }

    @Test(arguments: [
        ("workspace: lab, period: quarterly", "lab-quarterly"), ("workspace: lab, period: daily", "lab-daily"),
        ("workspace: lab, period: rolling 30 days", "lab-rolling-30-days"), ("workspace: lab", "lab-monthly"),
        ("scope: { team: a, project: b }, period: call", "b-a-per-call"), ("each: [team]", "each-team-monthly"),
    ])
    func `a budget without a name is called after its scope and period`(_ row: (entry: String, name: String)) throws {
        #expect(try Self.read("budgets: [{ \(row.entry), limit: 5 }]").budgets.map(\.name) == [row.name])
    }

    @Test(arguments: [
        ("[{ at: 80 }, { at: 100 }]", [80, 100]), ("[{ at: 0.8 }, { at: 1 }]", [80, 100]),
        ("[{ at: '80%' }, { at: 1.2 }]", [80, 120]), ("[{ at: 1 }, { at: 50 }]", [1, 50]),
        ("[{ at: '80 %' }, { at: 100.0 }]", [80, 100]), ("[{ at: 0.5 }, { at: 1 % }]", [1, 50]),
    ])
    func `percentages are read as percent or as parts of one`(_ row: (list: String, percents: [Int])) throws {
        let budget = try #require(Self.read("budgets: [{ name: a, limit: 5, thresholds: \(row.list) }]").budgets.first)
        #expect(budget.thresholds.map(\.percent) == row.percents)
    }

    @Test func `without thresholds the owner is told, and only a budget hard for all blocks`() throws {
        let text = "budgets: [{ name: a, limit: 5, enforcement: hard }, { name: b, limit: 5 }]"
        let budgets = try Self.read(text).budgets
        let eighty = Threshold(percent: 80, severity: .warning, actions: [.notify("owner")])
        #expect(
            budgets.first?.thresholds
                == [eighty, Threshold(percent: 100, severity: .critical, actions: [.notify("owner"), .block])]
        )
        #expect(budgets.last?.enforcement == .byDefault)
        #expect(budgets.last?.thresholds == [eighty, Threshold(percent: 100, actions: [.notify("owner")])])
    }

    @Test func `grants that begin together are told apart, and their names outlive edits`() throws {
        let grant = "amount: 5, from: 2026-11-01, by: dana, reason: x"
        let first = "{ \(grant), until: 2026-12-01 }"
        let text = { (grants: String) in "budgets: [{ name: a, limit: 5, grants: [\(grants)] }]" }
        let id = "a@2026-11-01T00:00:00Z"
        #expect(try Self.read(text("\(first), \(first)")).adjustments.map(\.id) == [id, id + "#2"])
        #expect(try Self.read(text("{ \(grant), until: 2027-12-01 }")).adjustments.map(\.id) == [id])
    }

    @Test func `approvals say what becomes of calls and who answers`() throws {
        #expect(full.approvals.mode == .wait)
        #expect(full.approvals.holdSeconds == 120)
        #expect(full.approvals.expiresSeconds == 28_800)
        #expect(full.approvals.link?.text == "https://outlay.example.com/inbox")
        #expect(full.approvals.approvers.map(\.name) == ["dana", "ops"])
        #expect(
            full.approvals.approvers.first
                == ApprovalSettings.Approver(
                    name: "dana",
                    secret: .environment("DANA_TOKEN"),
                    teams: ["growth"],
                    max: Self.dollars(500)
                )
        )
        #expect(full.approvals.approvers.last?.teams == nil)
        #expect(full.approvals.aloneMost == Money(dollars: "500"))
        #expect(Resources().approvals == ApprovalSettings(mode: .answer, holdSeconds: 30, expiresSeconds: 86_400))
    }

    static func dollars(_ dollars: Int128) -> Money {
        Money(picodollars: dollars * Money.picodollarsPerDollar)
    }

    /// Reads a configuration that is expected to be good.
    static func read(_ text: String) throws -> Resources {
        let file = FileManager.default.temporaryDirectory.appending(path: "outlay-budgets-\(UUID().uuidString).yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let found = ConfigFiles(file.path).validate()
        return try #require(found.resources, "\(found.diagnostics.map(\.description)) in:\n\(text)")
    }
}
