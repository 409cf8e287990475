import OutlayCore
import OutlayGateway
import OutlayWire
import Testing

/// Answers without usage, estimated as the upstream's configuration says.
@Suite(.timeLimit(.minutes(1))) struct EstimateTests {
    private static let bytes = (UInt8.min...UInt8.max).map { "\(base64($0)) \($0)" }.joined(separator: "\n")

    private static func base64(_ byte: UInt8) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        return "\(digits[Int(byte >> 2)])\(digits[Int(byte & 3) << 4])=="
    }

    private static func metering(_ estimates: [Upstream.Estimate]) async throws -> Metering {
        let result = Box<Metering>()
        let tokenizer = try Tokenizer(name: "bytes", ranks: Array(bytes.utf8))
        try await Harness.run {
            $0.aids.tokenizers = ["bytes.tiktoken": tokenizer]
            $0.upstreams = { upstreams in
                upstreams.map { upstream in
                    var upstream = upstream
                    upstream.estimates = estimates
                    return upstream
                }
            }
        } script: { _ in
            [.send(json(#"{"model":"known-1","choices":[{"message":{"content":"four"},"finish_reason":"stop"}]}"#))]
        } test: { gateway in
            let body = #"{"model":"known-1","messages":[{"role":"user","content":"eight ch"}]}"#
            _ = try await gateway.call(post(Chat.path, body))
            result.value = await gateway.book.settled(1).first?.metering
        }
        return try #require(result.value)
    }

    @Test func `a configured number of characters makes a token`() async throws {
        let ratio = CharactersPerToken(thousandths: 2000)
        let rule = Upstream.Estimate(models: [NamePattern("known-*")], measure: .charactersPerToken(ratio))
        let metering = try await Self.metering([rule])
        #expect(metering.method == "characters/2")
        #expect(metering.total == [.input: 4, .output: 2])
    }

    @Test func `a configured vocabulary counts prompt and answer`() async throws {
        let rule = Upstream.Estimate(models: [NamePattern("*")], measure: .tokenizer(file: "bytes.tiktoken"))
        let metering = try await Self.metering([rule])
        #expect(metering.quality == .estimated)
        #expect(metering.method == "tokenizer/bytes")
        #expect(metering.total == [.input: 8, .output: 4])
    }

    @Test func `a model that no rule names is estimated by what was learned`() async throws {
        let rule = Upstream.Estimate(models: [NamePattern("other")], measure: .tokenizer(file: "bytes.tiktoken"))
        #expect(try await Self.metering([rule]).method == "characters/4")
    }
}
