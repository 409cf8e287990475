@testable import OutlayApp
import OutlayCore
import OutlayMeters
import OutlayTestKit
import Synchronization
import Testing

/// What is decided at the desk holds on the meters, at once and after a restart.
@Suite struct DeskTests {
    static let bot: TagSet = [.key: "bot", .agent: "scout", .run: "r1"]

    static func question(run: String = "r1") -> ApprovalQuestion {
        var question = ApprovalQuestion(names: ["all"], key: "bot")
        question.agent = "scout"
        question.run = run
        question.estimate = Money(dollars: "2")
        return question
    }

    @Test func `a grant lets the next call pass, until it ends, also after a restart`() async throws {
        let stage = try await DeskStage()
        try await stage.set("all", "1 USD")
        #expect(stage.reserve("2", Self.bot).word == "refused")
        let until = stage.time.now.advanced(bySeconds: 100)
        try await stage.desk.execute(
            .adjust(.init(budget: "all", amount: try #require(BudgetLimit(text: "5 USD")), until: until)),
            by: .administrator,
            reason: "launch"
        )
        #expect(stage.reserve("2", Self.bot).word == "admitted")
        let next = try await stage.restarted()
        #expect(next.reserve("2", Self.bot).word == "admitted")
        next.time.advance(bySeconds: 100)
        #expect(next.reserve("2", Self.bot).word == "refused")
    }

    @Test func `a suspended agent is refused until it is resumed, also after a restart`() async throws {
        let stage = try await DeskStage()
        let scope = Scope(exactly: [Tag(.agent, "scout")])
        try await stage.desk.execute(.suspend(scope), by: .administrator, reason: "loops")
        #expect(stage.reserve("1", Self.bot).word == "suspended")
        let next = try await stage.restarted()
        #expect(next.reserve("1", Self.bot).word == "suspended")
        let id = try #require(next.desk.governance.suspensions.keys.first)
        try await next.desk.execute(.resume(id), by: .administrator)
        #expect(next.reserve("1", Self.bot).word == "admitted")
    }

    @Test func `a threshold is announced once, also after a restart, and suspends whom it says`() async throws {
        let stage = try await DeskStage()
        try await stage.set("all", "10 USD", [(50, ["notify: owner"]), (80, ["suspend: agent"])])
        stage.book("9", Self.bot)
        await stage.desk.carryOut()
        await stage.desk.carryOut()
        let kinds = stage.log.drafts.map(\.change.kind)
        #expect(kinds == ["budget_set", "threshold_reached", "threshold_reached", "suspended"])
        #expect(stage.reserve("0.1", Self.bot).word == "suspended")
        #expect(stage.reserve("0.1", [.agent: "other"]).word == "admitted")
        let next = try await stage.restarted()
        next.book("9", Self.bot)
        await next.desk.carryOut()
        #expect(stage.log.drafts.count == 4)
    }

    @Test func `an approval lets one call pass, and is not there again after a restart`() async throws {
        let stage = try await DeskStage()
        try await stage.set("all", "1 USD", [(100, ["require_approval"])])
        #expect(stage.reserve("2", Self.bot).word == "approval")
        let ticket = stage.desk.ask(Self.question())
        #expect(ticket.isNew && ticket.state == .pending)
        #expect(!stage.desk.ask(Self.question()).isNew)
        try await stage.desk.execute(.approve([ticket.id], .init(.once)), by: .administrator)
        #expect(stage.reserve("2", Self.bot).word == "admitted")
        #expect(stage.reserve("2", Self.bot).word == "approval")
        await stage.desk.carryOut()
        let next = try await stage.restarted()
        #expect(next.reserve("2", Self.bot).word == "approval")
    }

    @Test func `a run that an approval let pass holds it after a kill, once it was written down`() async throws {
        let stage = try await DeskStage()
        try await stage.set("all", "1 USD", [(100, ["require_approval"])])
        let ticket = stage.desk.ask(Self.question())
        try await stage.desk.execute(.approve([ticket.id], .init(.once)), by: .administrator)
        guard case .admitted(let run) = stage.desk.admit(stage.request("2", Self.bot), seconds: 60, key: "bot") else {
            Issue.record("it was approved")
            return
        }
        #expect(run.approval == ticket.id)
        try await stage.desk.writeDown()
        let next = try await stage.restarted()
        #expect(next.reserve("2", Self.bot).word == "approval")
        let reserved = next.meters.change { $0.status(at: stage.time.now).map(\.reserved) }
        #expect(reserved == [2 * Money.picodollarsPerDollar])
    }

    @Test func `a question is written before anybody decides it`() async throws {
        let stage = try await DeskStage()
        let ticket = stage.desk.ask(Self.question())
        #expect(stage.log.drafts.isEmpty)
        try await stage.desk.execute(.deny([ticket.id]), by: .administrator, reason: "no")
        #expect(stage.log.drafts.map(\.change.kind) == ["approval_requested", "denied"])
        #expect(stage.desk.ask(Self.question()).state == .denied(reason: "no"))
    }

    @Test func `who waits is told once, of a decision or that time is over`() async throws {
        let stage = try await DeskStage()
        let told = Mutex<[String]>([])
        let first = stage.desk.ask(Self.question()).id
        let second = stage.desk.ask(Self.question(run: "r2")).id
        let third = stage.desk.ask(Self.question(run: "r3")).id
        for id in [first, second] {
            guard
                case .watching = stage.desk.onDecision(
                    id,
                    { decision in
                        told.withLock { $0.append(decision.state.rawValue) }
                    }
                )
            else {
                Issue.record("nobody watches")
                return
            }
        }
        guard case .watching(let watch) = stage.desk.onDecision(third, { _ in told.withLock { $0.append("late") } })
        else {
            Issue.record("nobody watches")
            return
        }
        #expect(stage.desk.giveUp(third, watch: watch))
        try await stage.desk.execute(.approve([first], .init(.once)), by: .administrator)
        stage.time.advance(bySeconds: 86_400)
        await stage.desk.carryOut()
        #expect(told.withLock { $0 } == ["approved", "expired"])
        guard case .decided(let decision) = stage.desk.onDecision(first, { _ in }) else {
            Issue.record("it was decided")
            return
        }
        #expect(decision.by == .administrator)
    }

    @Test func `a thousand decisions that race are applied once each`() async throws {
        let stage = try await DeskStage()
        let ids = (0..<50).map { stage.desk.ask(Self.question(run: "r\($0)")).id }
        let applied = await withTaskGroup(of: Bool.self) { group in
            for attempt in 0..<1000 {
                let id = ids[attempt % ids.count]
                group.addTask {
                    let command: GovernanceCommand = attempt % 2 == 0 ? .approve([id], .init(.once)) : .deny([id])
                    return (try? await stage.desk.execute(command, by: .administrator, reason: "race")) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(applied == ids.count)
        let decided = stage.log.drafts.filter { ["approved", "denied"].contains($0.change.kind) }
        #expect(Set(decided.map(\.change.subject)).count == ids.count && decided.count == ids.count)
    }

    @Test func `nothing takes effect that could not be written`() async throws {
        let stage = try await DeskStage()
        try await stage.set("all", "1 USD")
        stage.log.breakDown()
        await #expect(throws: LedgerError.self) {
            try await stage.desk.execute(.removeBudget("all"), by: .administrator)
        }
        #expect(stage.reserve("2", Self.bot).word == "refused")
        #expect(stage.desk.ask(Self.question()).state == .pending)
        stage.log.breakDown(false)
        await stage.desk.carryOut()
        #expect(stage.log.drafts.map(\.change.kind) == ["budget_set", "approval_requested"])
    }

    @Test func `a run that asked holds its estimate until it settles, is released or is over`() async throws {
        let stage = try await DeskStage()
        try await stage.set("all", "10 USD")
        guard case .admitted(let run) = stage.desk.admit(stage.request("8", Self.bot), seconds: 60, key: "bot") else {
            Issue.record("it fits")
            return
        }
        #expect(stage.reserve("3", Self.bot).word == "refused")
        #expect(throws: GovernanceProblem.self) { try stage.desk.settle(run.id, cost: .zero, key: "other") }
        let cost = try #require(Money(dollars: "1"))
        #expect(try stage.desk.settle(run.id, cost: cost, key: "bot").step == .settled)
        #expect(throws: GovernanceProblem.self) { try stage.desk.settle(run.id, cost: cost, key: "bot") }
        await stage.desk.carryOut()
        let next = try await stage.restarted()
        #expect(next.reserve("9.5", Self.bot).word == "refused")
        next.time.advance(bySeconds: 61)
        await next.desk.carryOut()
        #expect(next.reserve("9.5", Self.bot).word == "admitted")
    }
}
