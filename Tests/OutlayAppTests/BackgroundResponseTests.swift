import OutlayApp
import OutlayCore
import OutlayTestKit
import Testing

/// A response that runs in the background counts once, for whoever began it.
@Suite struct BackgroundResponseTests {
    private let ledger = MemoryLedger()

    private static func beginning(_ quality: Metering.Quality = .unmetered, response: String = "resp_1") -> CostEvent {
        .event("call_a", team: "growth", cost: nil).with {
            $0.metering = Metering(quality: quality, flags: ["pending"])
            $0.links.responseID = response
        }
    }

    private static func told(by team: String, after seconds: Int64) -> CostEvent {
        let at = Timestamp.sample.advanced(bySeconds: seconds)
        return CostEvent.event("x", team: team, cost: "0.75", at: at).with {
            $0.id = EventID(source: "openai:response", id: "resp_1")
            $0.links.responseID = "resp_1"
        }
    }

    private func append(_ events: CostEvent...) async throws {
        _ = try await ledger.append(try await BackgroundResponses(ledger: ledger).settled(events))
    }

    private func row(_ team: String?) async throws -> SpendSum {
        let day = Timestamp.sample.advanced(bySeconds: -86_400)..<Timestamp.sample.advanced(bySeconds: 86_400)
        let table = try await ledger.spend(SpendQuery(by: [.team], buckets: [day]))
        return table.rows.first { $0.key == [team] }?.sum ?? SpendSum()
    }

    @Test func `a fetch settles the call that began the response, and leaves nothing unmetered`() async throws {
        try await append(Self.beginning())
        #expect(try await row("growth").unmeteredCalls == 1)
        try await append(Self.told(by: "growth", after: 60))
        let sum = try await row("growth")
        #expect(sum.unmeteredCalls == 0)
        #expect(sum.effective == Money(dollars: "0.75"))
    }

    @Test func `the cost belongs to whom and when the response was begun by, whoever fetches it`() async throws {
        try await append(Self.beginning())
        try await append(Self.told(by: "operations", after: 3600))
        #expect(try await row("operations").calls == 0)
        let told = try await ledger.history(of: "resp_1").first { $0.id.source == "openai:response" }
        #expect(told?.at == .sample)
        #expect(told?.attribution.effective[.team] == "growth")
    }

    @Test func `fetching again changes nothing and contradicts nothing`() async throws {
        try await append(Self.beginning())
        try await append(Self.told(by: "growth", after: 60))
        let before = try await ledger.history(of: "resp_1")
        let again = try await BackgroundResponses(ledger: ledger).settled([Self.told(by: "operations", after: 120)])
        let result = try await ledger.append(again)
        #expect(result.new == 0)
        #expect(result.conflicts == 0)
        #expect(try await ledger.history(of: "resp_1") == before)
    }

    @Test func `beginning and fetch may come in one batch`() async throws {
        try await append(Self.beginning(), Self.told(by: "growth", after: 1))
        #expect(try await row("growth").unmeteredCalls == 0)
        #expect(try await row("growth").effective == Money(dollars: "0.75"))
    }

    @Test func `an estimate of a stream that broke off is not counted beside the whole`() async throws {
        let estimated = CostEvent.event("call_a", cost: "0.40").with {
            $0.metering.quality = .estimated
            $0.links.responseID = "resp_1"
        }
        try await append(estimated)
        try await append(Self.told(by: "growth", after: 60))
        #expect(try await row("growth").effective == Money(dollars: "0.75"))
        #expect(try await row("growth").estimatedCalls == 0)
    }

    @Test func `a response that began elsewhere stays with the fetch, and other calls are left alone`() async throws {
        try await append(Self.beginning(response: "resp_2"))
        try await append(Self.told(by: "operations", after: 60))
        #expect(try await row("operations").effective == Money(dollars: "0.75"))
        #expect(try await row("growth").unmeteredCalls == 1)
    }
}
