internal import Foundation
internal import OutlayMeters

/// `outlay rehearse`: a story about budgets, told to real meters.
package struct Rehearsal: Sendable {
    /// Each step with what came of it.
    package private(set) var steps: [(step: String, outcome: String)] = []
    /// `FILE:LINE: STEP: what went otherwise`.
    package private(set) var failures: [String] = []

    /// Plays the scenario in `file`.
    ///
    /// - Throws: a ``StartFailure`` when the file cannot be read.
    package init(file: String) throws(StartFailure) {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw StartFailure.usage("\(file) cannot be read: name a scenario, FILE.budget")
        }
        var told: [(step: String, outcome: String)] = []
        let scenario = BudgetScenario(text) { CivilZone($0) }
        failures = scenario.run { step, outcome in told.append((step, outcome)) }.map { "\(file):\($0)" }
        steps = told
    }
}
