import Foundation
import OutlayCore
import Testing

@Suite struct PolicyScenarioTests {
    static var files: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: AttributionScenario.folder.path)) ?? []
        return all.filter { $0.hasSuffix(".policy") }.sorted()
    }

    @Test(arguments: files)
    func `a policy scenario holds line by line`(_ file: String) throws {
        let text = try String(contentsOf: AttributionScenario.folder.appending(path: file), encoding: .utf8)
        let scenario = PolicyScenario(text, zone: Self.zone)
        #expect(scenario.problems == [])
        #expect(!scenario.trials.isEmpty)
        for trial in scenario.trials {
            let told = trial.failures.joined(separator: "\n") + "\n" + trial.explanation.description
            #expect(trial.failures.isEmpty, "\(file):\(trial.line): \(told)")
        }
    }

    @Test func `there are scenarios`() {
        #expect(Self.files.count >= 5)
    }

    @Test func `a scenario says what it does not understand, by line`() {
        let scenario = PolicyScenario(
            """
            deny team == "x"
            polcy a
            policy a
            deny team = "x"
            call team
            call at=noon
            call estimated_cost=cheap
            expect deny by
            call team=x
            expect dney
            expect
            require Team Name
            locked team=x
            """,
            zone: Self.zone
        )
        #expect(
            scenario.problems.map { "\($0.line): \($0.message)" } == [
                "1: a rule stands below a line 'policy NAME'",
                "2: 'polcy' is not known; did you mean 'policy'?",
                "4: at character 6 of the condition: use '==' to compare",
                "5: 'team' is no NAME=VALUE, such as team=growth",
                "6: at 'noon' is not an instant, such as 2026-11-20T12:00:00Z",
                "7: estimated_cost 'cheap' is not an amount, such as $0.50",
                "8: 'expect' stands below a call",
                "10: 'dney' cannot be expected; did you mean 'deny'?",
                "11: '' cannot be expected; expect allow, deny, require_approval, message, reason, warning, shadow, "
                    + "tag or no",
                "12: 'Team Name' is no dimension; use a-z, 0-9, '_', '.' and '-'",
                "13: 'locked' stands below a call",
            ]
        )
    }

    @Test func `a call of which nothing is expected is a failure, and so is a verdict that differs`() {
        let scenario = PolicyScenario(
            """
            policy a
            require team
            call team=x
            call model=m
            expect allow
            expect deny by b
            expect warning a
            expect tag team=x
            expect message no
            expect reason no such
            """,
            zone: Self.zone
        )
        let verdict = "deny by a (require team): team is missing; send X-Team"
        #expect(
            scenario.trials.map(\.failures) == [
                ["nothing is expected of this call; add 'expect allow' below it"],
                [
                    "expected allow, but it is \(verdict)",
                    "expected deny by b, but it is \(verdict)",
                    "expected a warning by a, but there is none",
                    "expected team to be set to x, but it is set to nothing",
                    "expected the message 'no', but there is 'team is missing; send X-Team'",
                    "expected a reason with 'no such'",
                ],
            ]
        )
    }

    /// Berlin in the year of the scenarios: two hours ahead of UTC from 29 March to 25 October 2026, 01:00 UTC.
    private static func zone(_ name: String) -> (any Zone)? {
        name == "Europe/Berlin" ? Berlin() : nil
    }

    private struct Berlin: Zone {
        let identifier = "Europe/Berlin"

        private func offset(_ instant: Timestamp) -> Int64 {
            let summer = Timestamp(seconds: 1_774_746_000)..<Timestamp(seconds: 1_792_890_000)
            return summer.contains(instant) ? 7200 : 3600
        }

        func start(of date: CivilDate) -> Timestamp {
            let midnight = date.startUTC
            return midnight.advanced(bySeconds: -offset(midnight.advanced(bySeconds: -3600)))
        }

        func date(at instant: Timestamp) -> CivilDate {
            CivilDate(utc: instant.advanced(bySeconds: offset(instant)))
        }

        func clockSeconds(at instant: Timestamp) -> Int {
            UTC().clockSeconds(at: instant.advanced(bySeconds: offset(instant)))
        }
    }
}
