import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct KeyRulesCodecTests {
    @Test func `the rules of a key are read back exactly`() throws {
        var rules = KeyRules(name: "ci", workspace: "lab", tags: [.team: "growth"], door: .ingest, expires: .sample)
        rules.allow = [.feature: ["build", "review"], .environment: []]
        rules.upstreams = ["openai"]
        rules.models = ["gpt-*"]
        #expect(try KeyRulesCodec.rules(from: KeyRulesCodec.bytes(of: rules)) == rules)
    }
}
