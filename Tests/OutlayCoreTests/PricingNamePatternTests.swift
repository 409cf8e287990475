import OutlayCore
import Testing

@Suite struct PricingNamePatternTests {
    @Test(arguments: [
        ("gpt-6", "gpt-6"), ("GPT-6", "gpt-6"), ("gpt-*", "gpt-"), ("gpt-*", "gpt-6.1-sol"),
        ("*nova*", "us.nova-pro:0"),
        ("a*b*c", "a-b-b-c"), ("*", ""), ("##", "42"), ("v#*", "v1-beta"), ("*-tts", "x-tts-tts"), ("**x", "x"),
    ])
    func `a pattern matches`(pattern: String, name: String) {
        #expect(NamePattern(pattern).matches(name))
    }

    @Test(arguments: [
        ("gpt-6", "gpt-60"), ("gpt-*", "gpt"), ("##", "4a"), ("##", "4"), ("a*b", "abc"), ("", "a"), ("#", "é"),
        ("v#*", "v"),
    ])
    func `a pattern does not match`(pattern: String, name: String) {
        #expect(!NamePattern(pattern).matches(name))
    }

    @Test func `a hostile name takes no longer than both lengths multiplied`() {
        let pattern = NamePattern(String(repeating: "*a", count: 50) + "b")

        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }
}
