@testable import OutlayApp
import OutlayCore
import OutlayGateway
import OutlayMeters
import OutlayTestKit
import OutlayWire
import Synchronization
import Testing

/// The gate between the gateway and the meters: every route of every dialect, every kind of limit, a store that fails.
@Suite struct BudgetGateTests {
    private static let now = Timestamp(seconds: 1_795_176_000)

    /// A gate over one spent budget of team `growth`.
    private static func gate(
        _ limit: BudgetLimit,
        enforcement: Enforcement = .hard,
        clock: @escaping @Sendable () -> UInt64 = { 1 }
    ) async throws -> (gate: BudgetGate, health: StoreHealth) {
        let budget = Budget(name: "spent", scope: [.team: "growth"], limit: limit, enforcement: enforcement)
        var resources = Resources()
        resources.budgets = [budget]
        let stage = try await DeskStage(resources)
        let health = StoreHealth(clock: clock)
        let book = PriceBook(BookContents(version: "test"))
        let rules = GateRules(pricing: book, policies: PolicyBook([]))
        let gate = BudgetGate(
            meters: stage.meters,
            health: health,
            desk: stage.desk,
            rules: { rules },
            link: { "http://127.0.0.1:7070" }
        )
        return (gate, health)
    }

    private static func request(_ route: Route, team: String = "growth") -> AdmissionRequest {
        var random = SeededGenerator(seed: 1)
        var request = AdmissionRequest(
            call: CallID(at: now, random: &random),
            at: now,
            service: ServiceUse(provider: "openai", api: route.api, requestedModel: "gpt-5-mini"),
            attribution: Attribution(workspace: "default", key: "ci", effective: [.team: team]),
            rules: KeyRules(name: "ci"),
            estimate: CallEstimate(api: route.api, promptCharacters: 400, ratio: .standard)
        )
        request.billing = route.billing
        return request
    }

    private static func refusal(_ gate: BudgetGate, _ request: AdmissionRequest) -> RefusalCode? {
        guard case .refused(let refusal) = gate.admit(request, whenDecided: { _ in }) else { return nil }
        return refusal.code
    }

    /// A request that somebody may make: one for each declared row of every dialect, and one that no row declares.
    private struct Asked {
        var dialect: Upstream.Dialect
        var method: String
        var path: String

        var route: Route { OutlayWire.route(method: method, path: path, dialect: dialect) }

        static let all = Upstream.Dialect.allCases.flatMap { dialect in
            RouteTable.of(dialect).rows.map { Asked(dialect: dialect, method: $0.method.rawValue, path: $0.example) }
                + ["POST", "PUT", "PATCH"].map { Asked(dialect: dialect, method: $0, path: "/v1/unheard/of") }
        }
    }

    @Test(arguments: [BudgetLimit(.dollars, 0), BudgetLimit(.tokens, 0), BudgetLimit(.calls, 0)])
    func `every route of every dialect is refused by a spent budget, or is declared free`(
        _ limit: BudgetLimit
    ) async throws {
        let gate = try await Self.gate(limit).gate
        var refused: [Upstream.Dialect: Int] = [:]
        for asked in Asked.all {
            let found = Self.refusal(gate, Self.request(asked.route))
            let name = "\(asked.method) \(asked.path) of \(asked.dialect.rawValue)"
            switch asked.route.billing {
            // A picodollar of an unknown price and a token are more than nothing is left for.
            case .metered, .deferred:
                refused[asked.dialect, default: 0] += 1
                #expect(found == .budgetExceeded, "\(name) passes a spent budget of \(limit.unit)")
            case .free, .retrieval: #expect(found == nil || limit.unit == .calls, "\(name) is free")
            // Never forwarded.
            case .refused: continue
            }
        }
        for dialect in Upstream.Dialect.allCases { #expect(refused[dialect] ?? 0 >= 15, "\(dialect)") }
        let counts = refused.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }
        print(
            "route × budget in \(limit.unit.rawValue): \(Asked.all.count) routes, enforcing: "
                + counts.joined(separator: ", ")
        )
    }

    @Test func `while the ledger cannot be written a hard budget refuses with 503, a soft one passes`() async throws {
        let metered = Route(api: "responses", billing: .metered)
        let plenty = BudgetLimit(Money(picodollars: 1_000_000 * Money.picodollarsPerDollar))
        let hard = try await Self.gate(plenty)
        #expect(Self.refusal(hard.gate, Self.request(metered)) == nil)
        hard.health.appendBegins()
        hard.health.appendEnded(hasFailed: true)
        #expect(Self.refusal(hard.gate, Self.request(metered)) == .ledgerUnavailable)
        #expect(Self.refusal(hard.gate, Self.request(metered, team: "other")) == nil, "it has no budget")
        #expect(Self.refusal(hard.gate, Self.request(Route(api: "models", billing: .free))) == nil)
        let soft = try await Self.gate(plenty, enforcement: .soft)
        soft.health.appendEnded(hasFailed: true)
        #expect(Self.refusal(soft.gate, Self.request(metered)) == nil)
        hard.health.appendEnded(hasFailed: false)
        #expect(Self.refusal(hard.gate, Self.request(metered)) == nil, "it recovers by itself")
    }

    @Test func `a ledger that takes longer than a second counts as failing`() async throws {
        let time = Mutex<UInt64>(1)
        let plenty = BudgetLimit(Money(picodollars: Money.picodollarsPerDollar))
        let (gate, health) = try await Self.gate(plenty) { time.withLock { $0 } }
        let metered = Route(api: "responses", billing: .metered)
        health.appendBegins()
        time.withLock { $0 += 900_000_000 }
        #expect(Self.refusal(gate, Self.request(metered)) == nil)
        time.withLock { $0 += 200_000_000 }
        #expect(Self.refusal(gate, Self.request(metered)) == .ledgerUnavailable)
    }
}
