import OutlayCore
import OutlayIngest
import OutlaySQLite
import OutlayTestKit
import Testing

/// A run is a tree of what was done, and its cost is the sum of what was booked with it.
@Suite struct RunTreeTests {
    static let run = String(repeating: "0", count: 31) + "1"

    @Test func `calls hang below the agents that made them, steps without calls are left out`() async throws {
        let stage = try DeskStage(tools: [ToolPrice(name: "search", perCall: Money(picodollars: 5_000_000_000))])
        try await stage.send(
            .step(1).with { $0.title = "lead" },
            .step(2, parent: 1).with { $0.title = "sub-agent" },
            .step(3, parent: 1).with { $0.title = "nothing" },
            .call(4, parent: 2),
            .call(5, parent: 1),
            .step(6, parent: 2).with { ($0.title, $0.tool) = ("execute_tool search", "search") }
        )
        let tree = try #require(try await stage.ledger.runTree(Self.run))
        let lead = try #require(tree.roots.first)
        #expect(tree.roots.count == 1)
        #expect(lead.title == "lead")
        #expect(Set(lead.children.map(\.title)) == ["sub-agent", "gpt-5"])
        let inner = try #require(lead.children.first { $0.title == "sub-agent" })
        #expect(inner.calls == 2)
        #expect(inner.cost == Money(picodollars: 5_110_000_000))
        #expect(tree.cost == (try await stage.spend().total.effective))
        #expect(tree.calls == 3)
        try stage.remove()
    }

    @Test func `a call of the gateway hangs below the span that made it`() async throws {
        let stage = try DeskStage()
        let call = TelemetryGatewayTests.gatewayCall {
            $0.attribution.effective[.run] = Self.run
            $0.links = CallLinks(traceID: Self.run, spanID: "0000000000000001")
        }
        _ = try await stage.ledger.append([call])
        try await stage.send(.step(1).with { $0.title = "lead" })
        let tree = try #require(try await stage.ledger.runTree(Self.run))
        #expect(tree.roots.map(\.title) == ["lead"])
        #expect(tree.cost == call.rating.total)
        try stage.remove()
    }

    @Test func `a run nobody booked with has no tree`() async throws {
        let stage = try DeskStage()
        #expect(try await stage.ledger.runTree(Self.run) == nil)
        try stage.remove()
    }

    @Test func `tags of an agent reach the calls of its sub-agents`() async throws {
        let stage = try DeskStage()
        try await stage.send(.step(1, claims: [.claim(.team, "search")]), .step(2, parent: 1), .call(3, parent: 2))
        #expect(try await stage.spend(by: .team).rows.map(\.key) == [["search"]])
        try stage.remove()
    }

    @Test func `unit cost counts runs and tasks`() async throws {
        let stage = try DeskStage()
        let agent = [TelemetryClaim.claim(.agent, "writer"), .claim(.task, "t1")]
        try await stage.send(.call(1, trace: 1, claims: agent), .call(2, trace: 2, claims: agent), .call(3, trace: 2))
        let costs = UnitCost.costs(
            byRun: try await stage.spend(by: .agent, .run),
            byTask: try await stage.spend(by: .agent, .task)
        )
        let writer = try #require(costs.first { $0.key == ["writer"] })
        #expect((writer.runs, writer.tasks) == (2, 1))
        #expect(writer.perRun == Money(picodollars: 110_000_000))
        #expect(writer.perTask == Money(picodollars: 220_000_000))
        try stage.remove()
    }
}
