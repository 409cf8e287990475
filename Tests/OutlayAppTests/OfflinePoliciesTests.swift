import Foundation
import OutlayApp
import OutlayCore
import Testing

@Suite struct OfflinePoliciesTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offline-policies-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func offline() throws -> OfflinePolicies {
        try OfflinePolicies(
            configuration: file(
                "outlay.yaml",
                """
                workspaces: [{ name: platform, tags: { cost_center: "4711" } }]
                keys: [{ name: ci-bot, workspace: platform, tags: { team: platform }, key: env:CI_BOT_KEY }]
                policies:
                  - name: nights
                    zone: Europe/Berlin
                    require: [team, cost_center]
                    deny: 'hour >= 22'
                """
            )
        )
    }

    @Test func `a scenario is played with the keys, workspaces and zones of the configuration`() throws {
        let scenario = try offline().scenario(
            at: file(
                "calls.policy",
                """
                call key=ci-bot team=other at=2026-07-01T19:59:59Z
                expect allow
                call key=ci-bot at=2026-07-01T20:00:00Z
                expect deny by nights
                call team=growth
                expect allow
                """
            )
        )
        #expect(scenario.trials.map { $0.failures.isEmpty } == [true, true, false])
        #expect(scenario.trials.last?.explanation.verdict.decision?.rule == "require team, cost_center")
    }

    @Test func `a scenario that cannot be read is a fault of the file, with its lines`() throws {
        let path = try file("bad.policy", "cal team=x\n")
        let failure = #expect(throws: StartFailure.self) { try offline().scenario(at: path) }
        #expect(failure?.fault == .configuration)
        #expect(failure?.message.contains("\(path):1: error: 'cal' is not known; did you mean 'call'?") == true)
    }

    @Test func `a scenario without calls proves nothing and is refused`() throws {
        let path = try file("empty.policy", "# nothing\n")
        #expect(throws: StartFailure.self) { try offline().scenario(at: path) }
    }

    @Test func `one described call is explained`() throws {
        let explanation = try offline().explain(["workspace=platform", "team=growth", "at=2026-07-01T12:00:00Z"])
        #expect(explanation.verdict.outcome == .allow)
        #expect(explanation.lines.map(\.reason).last == "hour is 14 (Europe/Berlin)")
        #expect(throws: StartFailure.self) { try offline().explain(["team"]) }
    }
}
