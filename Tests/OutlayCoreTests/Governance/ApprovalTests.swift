import OutlayCore
import OutlayTestKit
import Testing

/// Approvals are decided once, by those who may, and never by who asked.
@Suite struct ApprovalTests {
    @Test func `equal questions share one request`() throws {
        var stage = try GovernanceStage()
        let first = stage.ask()
        #expect(stage.ask() == first)
        #expect(stage.ask(run: "r2") != first)
        #expect(stage.ask(key: "other") != first)
    }

    @Test func `the first decision counts, and the second names it`() throws {
        var stage = try GovernanceStage()
        let asked = stage.ask()
        let id = try #require(asked)
        try stage.run(.approve([id], .init(.once)), by: .approver("maria"))
        let problem = stage.problem(.deny([id]), by: .administrator, reason: "no")
        #expect(problem?.kind == .conflict)
        #expect(problem?.message.contains("approved by approver:maria") == true)
        #expect(stage.problem(.approve([id], .init(.once)), by: .approver("maria"))?.kind == .conflict)
    }

    @Test(
        arguments: [
            (Principal.approver("maria"), "growth", nil),
            (.approver("omar"), "growth", nil),
            (.approver("omar"), "sales", "growth only"),
            (.approver("omar"), nil, "growth only"),
            (.approver("nobody"), "growth", "not among the approvers"),
            (.key("bot"), "growth", "own request"),
            (.key("other"), "growth", "Only people"),
            (.outlay, "growth", "Only people"),
            (.administrator, "sales", nil),
        ] as [(Principal, String?, String?)]
    )
    func `who may decide is who is named for the team`(
        _ row: (by: Principal, team: String?, problem: String?)
    ) throws {
        var stage = try GovernanceStage()
        let asked = stage.ask(team: row.team)
        let id = try #require(asked)
        let problem = stage.problem(.approve([id], .init(.once)), by: row.by)
        #expect(row.problem.map { problem?.message.contains($0) == true } ?? (problem == nil), "\(row)")
        #expect(problem == nil || problem?.kind == .forbidden)
    }

    @Test(arguments: [
        (GovernanceCommand.ApprovalOffer(.once), true),
        (.init(.amount, amount: Money(dollars: "50")), true),
        (.init(.amount, amount: Money(dollars: "50.01")), false),
        (.init(.run, amount: Money(dollars: "20")), true),
        (.init(.time, until: Timestamp(seconds: 1_795_180_000)), false),
        (.init(.time, amount: Money(dollars: "10"), until: Timestamp(seconds: 1_795_180_000)), true),
    ])
    func `an approver lets through at most what he may`(_ row: (offer: GovernanceCommand.ApprovalOffer, fits: Bool))
        throws
    {
        var stage = try GovernanceStage()
        let asked = stage.ask()
        let id = try #require(asked)
        let problem = stage.problem(.approve([id], row.offer), by: .approver("lin"))
        #expect((problem == nil) == row.fits, "\(row) \(String(describing: problem))")
    }

    @Test(arguments: [
        (GovernanceCommand.ApprovalOffer(.run), "up to which amount"),
        (.init(.amount), "which amount"),
        (.init(.time), "until when"),
        (.init(.once, until: Timestamp(seconds: 1)), "in the future"),
        (.init(.once, until: Timestamp(seconds: 1_900_000_000)), "31 days"),
        (.init(.amount, amount: .zero), "above 0"),
    ])
    func `terms that say too little are refused`(
        _ row: (offer: GovernanceCommand.ApprovalOffer, problem: String)
    ) throws {
        var stage = try GovernanceStage()
        let asked = stage.ask()
        let id = try #require(asked)
        let problem = stage.problem(.approve([id], row.offer), by: .administrator)
        #expect(problem?.kind == .invalid && problem?.message.contains(row.problem) == true, "\(row)")
    }

    @Test func `a request that nobody decided in time is over`() throws {
        var stage = try GovernanceStage()
        let asked = stage.ask()
        let id = try #require(asked)
        #expect(stage.governance.overdue(at: stage.now).isEmpty)
        stage.now = stage.now.advanced(bySeconds: 3600)
        #expect(stage.problem(.approve([id], .init(.once)), by: .administrator)?.message.contains("expired") == true)
        stage.take(stage.governance.overdue(at: stage.now), by: .outlay)
        #expect(stage.governance.requests[id]?.state == .expired)
        #expect(stage.ask() != id)
    }

    @Test func `several waiting runs are decided together, all or none`() throws {
        var stage = try GovernanceStage()
        let ids = ["r1", "r2", "r3"].compactMap { stage.ask(run: $0) }
        let problem = stage.problem(.approve(ids + ["id_none"], .init(.once)), by: .administrator)
        #expect(problem?.kind == .notFound)
        try stage.run(.approve(ids, .init(.once)), by: .approver("omar"))
        #expect(ids.allSatisfy { stage.governance.requests[$0]?.state == .approved })
        #expect(stage.governance.approvals.count == 3)
    }

    @Test func `a denial needs a reason and answers the question until it would have expired`() throws {
        var stage = try GovernanceStage()
        let asked = stage.ask()
        let id = try #require(asked)
        #expect(stage.problem(.deny([id]), by: .administrator)?.kind == .invalid)
        try stage.run(.deny([id]), by: .approver("maria"), reason: "too dear")
        #expect(stage.ask() == id)
        #expect(stage.governance.requests[id]?.decision?.reason == "too dear")
        stage.now = stage.now.advanced(bySeconds: 3600)
        #expect(stage.ask() != id)
    }

    @Test func `open requests are bounded for each key`() throws {
        var stage = try GovernanceStage()
        for index in 0..<Governance.openPerRequesterMax { #expect(stage.ask(run: "r\(index)") != nil) }
        #expect(stage.ask(run: "one more") == nil)
        #expect(stage.ask(key: "other") != nil)
    }

    @Test func `an approval of a run covers that run of that key and agent, whatever they are called`() throws {
        var stage = try GovernanceStage()
        let asked = stage.ask(run: "!nightly*")
        let id = try #require(asked)
        try stage.run(.approve([id], .init(.run, amount: Money(dollars: "5"))), by: .administrator)
        let scope = try #require(stage.governance.approvals[id]?.scope)
        let values: [Dimension: String] = [.key: "bot", .agent: "scout", .team: "growth", .run: "!nightly*"]
        #expect(scope.contains { values[$0] })
        #expect(!scope.contains { $0 == .run ? "hourly" : values[$0] })
        #expect(!scope.contains { $0 == .key ? "other" : values[$0] })
    }

    @Test func `people who share a key ask for themselves, and none answers his own question`() throws {
        var stage = try GovernanceStage()
        let omars = stage.ask(user: "omar")
        #expect(stage.ask(user: "eve") != omars)
        #expect(stage.ask(user: nil) != omars)
        #expect(stage.ask(team: "sales", user: "omar") != omars)
        let id = try #require(omars)
        #expect(stage.problem(.approve([id], .init(.once)), by: .approver("omar"))?.kind == .forbidden)
        try stage.run(.approve([id], .init(.amount, amount: Money(dollars: "5"))), by: .approver("maria"))
        let scope = try #require(stage.governance.approvals[id]).scope
        let call: TagSet = [.key: "bot", .agent: "scout", .team: "growth", .user: "omar"]
        #expect(scope.contains { call[$0] })
        for (dimension, other) in [(Dimension.key, "other"), (.team, "sales"), (.user, "eve")] as [(Dimension, String?)]
        {
            var changed = call
            changed[dimension] = other
            #expect(!scope.contains { changed[$0] }, "\(dimension)")
            changed[dimension] = nil
            #expect(!scope.contains { changed[$0] }, "no \(dimension)")
        }
    }

    @Test func `what the administrator asks without a key others decide, and it covers no key's calls`() throws {
        var stage = try GovernanceStage()
        let asked = stage.ask(key: nil)
        let id = try #require(asked)
        #expect(stage.ask() != id, "no key shares it")
        #expect(stage.problem(.approve([id], .init(.once)), by: .administrator)?.kind == .forbidden)
        try stage.run(.approve([id], .init(.once)), by: .approver("maria"))
        let scope = try #require(stage.governance.approvals[id]).scope
        var call: TagSet = [.agent: "scout", .team: "growth"]
        #expect(scope.contains { call[$0] })
        call[.key] = "bot"
        #expect(!scope.contains { call[$0] })
    }

    @Test func `a justification comes from who asked, while it is open`() throws {
        var stage = try GovernanceStage()
        let asked = stage.ask()
        let id = try #require(asked)
        #expect(stage.problem(.justify(id, text: "x"), by: .key("other"))?.kind == .notFound)
        try stage.run(.justify(id, text: "the quarter ends"), by: .key("bot"))
        #expect(stage.governance.requests[id]?.justification == "the quarter ends")
        try stage.run(.approve([id], .init(.once)), by: .administrator)
        #expect(stage.problem(.justify(id, text: "x"), by: .key("bot"))?.kind == .conflict)
    }

    @Test func `a thousand races apply each decision once`() throws {
        var random = SeededGenerator(seed: 7)
        for trial in 0..<1000 {
            var stage = try GovernanceStage()
            let asked = stage.ask()
            let id = try #require(asked)
            var applied = 0
            let people: [Principal] = [.approver("maria"), .approver("omar"), .administrator, .key("bot")]
            for _ in 0..<6 {
                switch random.next(upperBound: UInt64(5)) {
                case 0: stage.now = stage.now.advanced(bySeconds: 700)
                case 1: _ = try? stage.run(.setBudget(.growth), by: .administrator)
                case 2: _ = try? stage.run(.removeBudget("growth"), by: .administrator)
                default:
                    let person = people[Int(random.next(upperBound: UInt64(4)))]
                    let isYes = random.isOnce(in: 2)
                    let changes = try? stage.run(
                        isYes ? .approve([id], .init(.once)) : .deny([id]),
                        by: person,
                        reason: "trial"
                    )
                    if changes != nil {
                        applied += 1
                        #expect(person != .key("bot"), "trial \(trial)")
                    }
                }
            }
            stage.now = stage.now.advanced(bySeconds: 3600)
            let overdue = stage.governance.overdue(at: stage.now)
            #expect(applied + overdue.count == 1, "trial \(trial)")
            #expect(stage.drafts.count { $0.change.subject == id } == 1 + applied, "trial \(trial)")
        }
    }
}
