import OutlayCore
import Testing

@testable import OutlayGateway

@Suite struct KnownAttributionTests {
    @Test func `the same claims of a key are resolved once under one configuration`() throws {
        let asked = Asked()
        let first = try asked.snapshot(1)
        #expect(asked.team("a", under: first) == "a")
        #expect(asked.team("a", under: first) == "a" && asked.count == 1)
        #expect(asked.team("b", under: first) == "b" && asked.count == 2)
        #expect(asked.team("a", key: 2, under: first) == "a" && asked.count == 3)
        #expect(asked.team("a", under: try asked.snapshot(2)) == "a" && asked.count == 4)
    }

    @Test func `claims that time or a trace may turn are resolved anew`() throws {
        let asked = Asked()
        let dated = try asked.snapshot(1, isSteady: false)
        #expect(asked.team("a", under: dated) == "a")
        #expect(asked.team("a", under: dated) == "a" && asked.count == 2)
        let steady = try asked.snapshot(2)
        #expect(asked.team("a", trace: "t", under: steady) == "a")
        #expect(asked.team("a", trace: "t", under: steady) == "a" && asked.count == 4)
    }

    @Test func `any number of claims is remembered in little room, each as its own`() throws {
        let asked = Asked()
        let snapshot = try asked.snapshot(1)
        for _ in 0..<2 {
            for number in 0..<100 { #expect(asked.team("team-\(number)", under: snapshot) == "team-\(number)") }
        }
        #expect(asked.count == 200)
        #expect(asked.team("team-99", under: snapshot) == "team-99" && asked.count == 200)
    }
}

/// Asks for attributions and counts how many had to be resolved.
private final class Asked {
    private let known = KnownAttributions()
    private(set) var count = 0

    func snapshot(_ number: Int, isSteady: Bool = true) throws -> GatewaySnapshot {
        let attributing: any Attributing = isSteady ? SteadyAttributing() : PlainAttributing()
        return try GatewaySnapshot(
            number: number,
            upstreams: [],
            credentials: [:],
            keys: [],
            tariff: (pricing: FlatPricing(), attributing: attributing)
        )
    }

    func team(_ team: String, key: UInt128 = 1, trace: String? = nil, under snapshot: GatewaySnapshot) -> String? {
        let stored = StoredKey(
            id: "\(key)",
            digest: KeyDigest(high: 0, low: key),
            prefix: "",
            rules: KeyRules(name: "k", workspace: "w"),
            createdAt: Timestamp(microseconds: 0)
        )
        let claims = CallClaims(fields: [("x-team", team)], path: "/v1/x", traceID: trace)
        let attribution = known.attribution(of: claims, key: stored, under: snapshot) {
            count += 1
            return snapshot.attributing.attribute(
                claims,
                key: stored.rules,
                at: Timestamp(microseconds: 0),
                inherited: nil
            )
        }
        return attribution.effective[.team]
    }
}

/// As ``PlainAttributing``, at any time the same.
private struct SteadyAttributing: Attributing {
    var isSteady: Bool { true }

    func isClaim(field name: String) -> Bool {
        PlainAttributing().isClaim(field: name)
    }

    func attribute(_ claims: CallClaims, key: KeyRules, at time: Timestamp, inherited: TagSet?) -> Attribution {
        PlainAttributing().attribute(claims, key: key, at: time, inherited: inherited)
    }
}
