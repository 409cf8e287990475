import Foundation
import OutlayConfig
import OutlayCore
import OutlayTestKit
import Testing

@Suite struct BudgetYAMLTests {
    @Test func `every budget of the full example is written so that it reads back`() throws {
        let path = FixtureTests.folder.appending(path: "full.good.yaml").path
        let full = try #require(ConfigFiles(path).validate().resources)
        try Self.expectRoundTrip(full.budgets, full.adjustments)
    }

    @Test func `the shape of other tools comes out in ours`() throws {
        let text = """
            budgets:
              - workspace: growth
                period: monthly
                limit: 15000
                thresholds:
                  - { at: 80, action: notify_workspace_owner }
                  - { at: 90%, action: notify_team_lead }
                  - { at: 100, action: human_approval_required, message: Ask the lead. }
            """
        let resources = try BudgetTests.read(text)
        #expect(
            BudgetYAML.text(resources.budgets) == """
                budgets:
                  - name: growth-monthly
                    scope: { workspace: growth }
                    period: month
                    zone: UTC
                    fiscal_start: 01-01
                    limit: 15000 USD
                    enforcement: { production: soft, default: hard }
                    at:
                      - { percent: 80, severity: warning, do: [notify: owner] }
                      - { percent: 90, severity: warning, do: [notify: lead] }
                      - { percent: 100, severity: critical, do: [require_approval], message: Ask the lead. }

                """
        )
        try Self.expectRoundTrip(resources.budgets, [])
    }

    @Test func `defaults do not change what was written out`() throws {
        let text = "budgets: [{ name: a, limit: 5 }, { name: b, limit: 5, period: week }]"
        let budgets = try BudgetTests.read(text).budgets
        let defaults =
            "  - defaults: { enforcement: soft, zone: Asia/Tokyo, fiscal_start: 07-01, week_starts: sunday }\n"
        let read = try BudgetTests.read(BudgetYAML.text(budgets) + defaults).budgets
        #expect(read.map(Self.withoutOrigin) == budgets.map(Self.withoutOrigin))
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `any budget reads back as itself`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let budget = Self.randomBudget(&generator)
        let grants = (0..<Int.random(in: 0...2, using: &generator)).map { _ in Self.randomGrant(budget, &generator) }
        try Self.expectRoundTrip([budget], grants)
    }

    @Test func `no budgets are an empty section`() {
        #expect(BudgetYAML.text([]) == "budgets: []\n")
    }

    @Test func `an increase of a budget in a file is a patch that names its place`() throws {
        var budget = Budget(name: "growth-monthly", limit: BudgetLimit(BudgetTests.dollars(5000)))
        let grant = Adjustment(
            id: "apr-7",
            budget: "growth-monthly",
            group: ["ads"],
            change: .grant(BudgetTests.dollars(2000).picodollars),
            from: try #require(CivilDate("2026-11-20")).startUTC,
            until: try #require(Timestamp(rfc3339: "2026-12-01T12:00:00Z")),
            by: "dana",
            reason: "Launch: \"big\""
        )
        #expect(BudgetYAML.patch(increasing: budget, by: grant) == nil)
        budget.origin = .file("conf/budgets.yaml", line: 14)
        let added = """
            +      - { id: apr-7, group: [ads], amount: 2000 USD, from: 2026-11-20, until: "2026-12-01T12:00:00Z", \
            by: dana, reason: "Launch: \\"big\\"" }

            """
        let head = """
            --- conf/budgets.yaml
            +++ conf/budgets.yaml
            @@ conf/budgets.yaml:14 @@
               - name: growth-monthly

            """
        #expect(BudgetYAML.patch(increasing: budget, by: grant) == head + "+    grants:\n" + added)
        #expect(
            BudgetYAML.patch(increasing: budget, by: grant, beside: [grant]) == head + "     grants:\n" + added
        )
    }

    @Test func `an applied patch is the adjustment it was made from`() throws {
        let grant = Adjustment(
            id: "apr-7",
            budget: "a",
            change: .override(12),
            from: Timestamp(microseconds: 1_700_000_000_123_456),
            until: Timestamp(seconds: 1_800_000_000),
            by: "'dana' & co",
            reason: "yes"
        )
        let budget = Budget(name: "a", limit: BudgetLimit(.calls, 10), origin: .file("b.yaml", line: 2))
        let patch = try #require(BudgetYAML.patch(increasing: budget, by: grant))
        let added = patch.split(separator: "\n").dropFirst(2).filter { $0.hasPrefix("+") }.map { $0.dropFirst() }
        let text = "budgets:\n  - name: a\n    limit: 10 calls\n" + added.joined(separator: "\n")
        #expect(try BudgetTests.read(text).adjustments == [grant])
    }

    private static func expectRoundTrip(_ budgets: [Budget], _ adjustments: [Adjustment]) throws {
        let text = BudgetYAML.text(budgets, adjustments: adjustments)
        let read = try BudgetTests.read(text)
        #expect(read.budgets.map(withoutOrigin) == budgets.map(withoutOrigin), "\(text)")
        #expect(read.adjustments == adjustments, "\(text)")
        #expect(BudgetYAML.text(read.budgets, adjustments: read.adjustments) == text)
    }

    private static func withoutOrigin(_ budget: Budget) -> Budget {
        var budget = budget
        budget.origin = .command
        return budget
    }
}

extension BudgetYAMLTests {
    /// Names and values that YAML readers like to take for something else.
    private static let texts = [
        "growth", "a b", "no", "0123", "1e3", "null", "a: b", "# not", "!x", "- x", "it's", "\"q\"", "a\\b", "{x}",
        "[y",
        "ünï", "é\u{200b}x", "@at", "%", "12:30:45", "x #y", "true", "*", "a*b", "a,b", "2026-01-01", "~", "`", "&a",
    ]

    private static func text(_ generator: inout SeededGenerator) -> String {
        texts.randomElement(using: &generator) ?? "x"
    }

    private static func randomBudget(_ generator: inout SeededGenerator) -> Budget {
        let periods: [BudgetCalendar.Period] = [
            .call, .run, .hour, .day, .week, .month, .quarter, .year, .rolling(seconds: 86_400 * 30),
            .rolling(seconds: 3600 * 5), .rolling(seconds: 60 * 61),
        ]
        let period = periods.randomElement(using: &generator) ?? .month
        let hasClock = BudgetCalendar.Period(word: period.text) != nil && period != .call && period != .run
        let isFiscal = [.month, .quarter, .year].contains(period)
        let unit = BudgetUnit.allCases.randomElement(using: &generator) ?? .calls
        let limit = Int128.random(in: 0...9_999_999_999_999_999, using: &generator)
        let dimensions: [OutlayCore.Dimension] = [.team, .model, .environment, .user].shuffled(using: &generator)
        var budget = Budget(
            name: text(&generator),
            scope: Scope(dimensions.prefix(2).map { Scope.Condition($0, [ValuePattern(text(&generator))]) }),
            groupBy: Array(dimensions.suffix(2)),
            calendar: BudgetCalendar(
                period,
                zone: hasClock ? "Asia/Kolkata" : "UTC",
                fiscalStart: isFiscal ? BudgetCalendar.FiscalStart(month: 11, day: 5) : BudgetCalendar.FiscalStart(),
                firstWeekday: period == .week ? Int.random(in: 1...7, using: &generator) : 1
            ),
            limit: BudgetLimit(unit, limit),
            enforcement: Enforcement(
                isHard: Bool.random(using: &generator),
                byEnvironment: Bool.random(using: &generator) ? ["no": true, "a: b": false] : [:]
            ),
            thresholds: (0..<Int.random(in: 0...3, using: &generator)).map { _ in randomThreshold(&generator) },
            message: Bool.random(using: &generator) ? text(&generator) : nil,
            owner: Bool.random(using: &generator) ? text(&generator) : nil
        )
        if hasClock, Bool.random(using: &generator) { budget.carryOver = CarryOver(percentMax: 37) }
        if Bool.random(using: &generator) {
            let signOff = CriticalCap.SignOff(by: text(&generator), from: Timestamp(seconds: 1_700_000_001))
            budget.critical = CriticalCap(
                scopes: [
                    Scope([Scope.Condition(.purpose, [ValuePattern("incident"), ValuePattern(text(&generator))])])
                ],
                limit: limit + 1,
                signOff: signOff
            )
        }
        return budget
    }

    private static func randomThreshold(_ generator: inout SeededGenerator) -> Threshold {
        let rate = ThrottleRate(
            BudgetUnit.allCases.randomElement(using: &generator) ?? .calls,
            perMinute: Int128.random(in: 1...1_000_000_000, using: &generator)
        )
        let actions: [Threshold.Action] = [
            .notify(text(&generator)), .throttle(rate), .requireApproval, .block, .suspend(.scope), .suspend(.key),
            .downgrade([ModelSwap(to: "gpt-5-mini"), ModelSwap(to: "no")]),
            .downgrade([ModelSwap(from: "gpt-*", to: "o3"), ModelSwap(from: "*", to: "o4")]),
        ]
        return Threshold(
            percent: Int.random(in: 1...1000, using: &generator),
            basis: Threshold.Basis.allCases.randomElement(using: &generator) ?? .actual,
            severity: Threshold.Severity.allCases.randomElement(using: &generator),
            actions: Array(actions.shuffled(using: &generator).prefix(3)),
            message: Bool.random(using: &generator) ? text(&generator) : nil
        )
    }

    private static func randomGrant(_ budget: Budget, _ generator: inout SeededGenerator) -> Adjustment {
        let amount = Int128.random(in: 0...9_999_999_999, using: &generator)
        return Adjustment(
            id: "apr-\(UInt32.random(in: 0 ... .max, using: &generator))",
            budget: budget.name,
            group: Bool.random(using: &generator) ? budget.groupBy.map { _ in text(&generator) } : nil,
            change: Bool.random(using: &generator) ? .grant(amount) : .override(amount),
            from: Timestamp(seconds: Int64.random(in: 0...1_800_000_000, using: &generator)),
            until: Timestamp(microseconds: 1_900_000_000_000_007),
            by: text(&generator),
            reason: text(&generator)
        )
    }
}
