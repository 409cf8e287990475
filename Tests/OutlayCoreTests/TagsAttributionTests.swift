import OutlayCore
import Testing

@Suite struct TagsAttributionTests {
    @Test func `every value is kept in one spelling, wherever it comes from`() {
        let upper = AttributionResolver(form: { $0.uppercased() })
        var claims = Claims()
        claims.add(.feature, "build", from: .header)
        claims.addFallback(.run, "r1", detail: "traceparent")
        let key = KeyRules(name: "ci", workspace: "lab", tags: [.team: "growth"])
        let attribution = upper.attribute(claims, key: key, at: Timestamp(seconds: 0))
        #expect(attribution.effective == [.workspace: "LAB", .team: "GROWTH", .feature: "BUILD", .run: "R1"])
        #expect(attribution.claimed == [.feature: "BUILD"])
    }

    @Test(arguments: ["gr\u{FFFD}e", "a\u{7}b", "a\u{9f}", String(repeating: "x", count: 257)])
    func `a value that is not what was sent, or not printable, is no value`(_ value: String) {
        #expect(TagText.cleaned(value) == nil)
    }

    @Test func `headers that speak to Outlay are not forwarded, all others are`() {
        let resolver = AttributionResolver()
        var claims = Claims()
        let ours = ["X-Team", "x-outlay-key", "X-OUTLAY-TAGS", "Baggage", "x-cost-center", "X-Outlay-Strict"]
        let others = [
            "Authorization", "x-api-key", "anthropic-version", "openai-organization", "x-stainless-retry-count",
        ]
        #expect(ours.filter { !resolver.collect(header: $0, value: "a=b", into: &claims) } == [])
        #expect(others.filter { resolver.collect(header: $0, value: "a=b", into: &claims) } == [])
    }

    @Test func `a call has at most 32 tags and says which claims did not fit`() {
        let resolver = AttributionResolver()
        var claims = Claims()
        let header = (0..<60).map { "tag\($0)=\($0)" }.joined(separator: ",")
        resolver.collect(header: "X-Outlay-Tags", value: header, into: &claims)
        let found = resolver.attribute(claims, key: KeyRules(name: "k", tags: [.team: "a"]), at: .init(seconds: 0))
        #expect(found.effective.count == 32)
        #expect(found.effective[.team] == "a")
        #expect(found.claimed.count == 32)
        #expect(found.conflicts.count >= 28)
        #expect(found.origins.count == found.effective.count)
    }

    @Test func `whatever is claimed, locks and lists hold and nothing traps`() throws {
        let secret = try #require(Dimension("secret"))
        var resources = Resources()
        resources.agents = [Agent(name: "a", tags: [.team: "evil", .feature: "evil"])]
        resources.rules = [TagRule(name: "r", condition: .user("a"), tags: [.feature: "evil", .project: "evil"])]
        let resolver = AttributionResolver(resources)
        let key = KeyRules(
            name: "k",
            workspace: "w",
            tags: [.team: "locked"],
            allow: [.feature: ["a", "b"], secret: []]
        )
        for seed in UInt64(0)..<500 {
            var random = SeededGenerator(seed: seed)
            var claims = Claims(path: noise(&random), host: noise(&random), user: noise(&random))
            let names = ["X-Team", "X-Feature", "X-Outlay-Tags", "baggage", "X-User", "X-Agent", "X-Workspace"]
            for _ in 0..<random.next(below: 12) {
                let name = names[random.next(below: names.count)]
                resolver.collect(header: name, value: noise(&random), into: &claims)
            }
            let inherited: TagSet = [.feature: noise(&random), .team: noise(&random), secret: "x"]
            let found = resolver.attribute(claims, key: key, at: Timestamp(seconds: 0), inherited: inherited)
            #expect(found.effective[.team] == "locked", "seed \(seed)")
            #expect(found.effective[.workspace] == "w", "seed \(seed)")
            #expect(found.effective[.feature].map { ["a", "b"].contains($0) } ?? true, "seed \(seed)")
            #expect(found.effective[secret] == nil, "seed \(seed)")
            #expect(found.effective.count <= 32 && found.claimed.count <= 32, "seed \(seed)")
        }
    }

    @Test func `equal tags in another order are the same tag set`() {
        #expect(TagSet([Tag(.team, "a"), Tag(.user, "b")]) == TagSet([Tag(.user, "b"), Tag(.team, "a")]))
    }

    /// Text of the characters that headers are made of, and of those that must not be in them.
    private func noise(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "b", "=", ",", ";", "\"", "\\", "%", "%41", "%ff", " ", "\n", "\0", "é", "team", "feature", "secret",
        ]
        return (0..<random.next(below: 14)).map { _ in pieces[random.next(below: pieces.count)] }.joined()
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
