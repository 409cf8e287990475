import OutlayCore
import Testing

@Suite struct TagsScopeTests {
    @Test(arguments: [
        ("growth", "growth", true), ("growth", "Growth", false), ("growth", nil, false),
        ("", nil, true), ("", "growth", false),
        ("research-*", "research-eu", true), ("research-*", "research-", true), ("research-*", "search", false),
        ("*-eu", "research-eu", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "acb", false), ("*", nil, false),
        ("*", "x", true), ("ab*ba", "aba", false),
        ("!production", "staging", true), ("!production", "production", false), ("!production", nil, true),
        ("!", nil, false), ("!", "x", true),
    ])
    func `a value pattern means this`(_ row: (pattern: String, value: String?, holds: Bool)) {
        let condition = Scope.Condition(.team, [ValuePattern(row.pattern)])
        #expect(condition.holds(for: row.value) == row.holds)
    }

    @Test func `the values of one condition are alternatives, and exclusions beat them`() {
        let condition = Scope.Condition(.agent, ["bot-*", "crawler", "!bot-eu"].map(ValuePattern.init))
        #expect(condition.holds(for: "bot-us"))
        #expect(condition.holds(for: "crawler"))
        #expect(!condition.holds(for: "bot-eu"))
        #expect(!condition.holds(for: "other"))
    }

    @Test func `all conditions must hold`() {
        let scope: Scope = [.team: "growth", .environment: "production"]
        #expect(scope.contains { [.team: "growth", .environment: "production"][$0] })
        #expect(!scope.contains { [.team: "growth"][$0] })
        #expect(Scope.everything.contains { _ in nil })
    }
}
