import OutlayCore
import OutlayMeters
import OutlayTestKit
import Testing

/// Every rule of budgets, as stories in Tests/Scenarios.
@Suite struct BudgetScenarioTests {
    static let files = Repository.files(under: "Tests/Scenarios", suffix: ".budget")

    @Test func `there are stories`() {
        #expect(Self.files.count > 15)
    }

    @Test(arguments: files)
    func `the story holds`(_ file: String) throws {
        let scenario = BudgetScenario(try Repository.text(of: file))
        for failure in scenario.run() { Issue.record("\(file):\(failure)") }
    }

    @Test(arguments: [
        ("budgt 100", "'budgt' is no step"), ("budget ten", "an amount is missing"),
        ("budget 10\nreserve a", "an amount is missing"), ("settle a 1", "no call 'a' is in flight"),
        ("budget 10 twice", "'twice' says nothing"), ("at noon", "'noon' is no time"),
        ("budget 10\nreserve a 11", "expected admitted, found refused"),
        ("budget 10 notify 50\nbook 5", "expected nothing, found announce 50%"),
    ])
    func `what is wrong with a story is said`(_ row: (text: String, problem: String)) {
        let failures = BudgetScenario(row.text).run()
        #expect(failures.contains { $0.problem.contains(row.problem) }, "\(failures)")
    }
}
