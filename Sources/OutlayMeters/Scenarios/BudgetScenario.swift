package import OutlayCore

/// A story about budgets in plain text, told to real meters: `*.budget` files, run by the tests and by
/// `outlay rehearse`.
///
/// One step per line; `#` begins a comment. A step may end in what is expected of it; a `reserve` without an
/// expectation must be admitted, any other step must announce nothing.
///
///     budget 100.00 block notify 50,80
///     reserve a 60.00        admitted
///     settle  a 55.00        announce 50%
package struct BudgetScenario: Sendable {
    /// What went otherwise than the file says.
    package struct Failure: Hashable, Sendable, CustomStringConvertible {
        package var line: Int
        package var step: String
        package var problem: String

        package var description: String { "\(line): \(step): \(problem)" }
    }

    private let lines: [(number: Int, text: String)]
    private let zone: @Sendable (String) -> (any Zone)?

    package init(_ text: String, zone: @escaping @Sendable (String) -> (any Zone)? = { _ in nil }) {
        self.zone = zone
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let step = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }.joined(separator: " ")
            return step.isEmpty ? nil : (index + 1, step)
        }
    }

    /// How many steps it has.
    package var count: Int { lines.count }

    /// Tells the story from its start.
    ///
    /// - Parameter told: is given each step and what came of it.
    package func run(told: (String, String) -> Void = { _, _ in }) -> [Failure] {
        var stage = ScenarioStage(zone: zone)
        var failures: [Failure] = []
        for line in lines {
            do throws(ScenarioProblem) {
                let outcome = try stage.play(line.text)
                told(line.text, outcome)
            } catch {
                told(line.text, error.message)
                failures.append(Failure(line: line.number, step: line.text, problem: error.message))
            }
        }
        return failures
    }
}

/// Why a step failed, or could not be read.
struct ScenarioProblem: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    static func notInFlight(_ name: String) -> ScenarioProblem {
        ScenarioProblem("no call '\(name)' is in flight")
    }
}
