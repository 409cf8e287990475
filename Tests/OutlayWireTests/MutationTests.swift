import OutlayCore
import OutlayWire
import Testing

/// Bodies broken at random, read by everything that reads bytes: what matters is that nothing traps.
@Suite struct MutationTests {
    private static let apis = [
        "chat.completions", "responses", "messages", "generateContent", "interactions", "bedrock.converse",
        "bedrock.invoke", "images", "audio.transcriptions", "audio.speech", "realtime", "moderations", "ocr", "ollama",
        "rerank", "chat", "embeddings", "other",
    ]
    private static let types = ["application/json", "text/event-stream", "application/x-ndjson", nil]
    private static let providers = ["openai", "xai", "perplexity", "cohere", "anthropic", "google"]

    private func seeds() throws -> [[UInt8]] {
        let files = try Fixture.allProviderFiles().map { try Fixture.bytes($0) }
        let golden = GoldenCase.all.compactMap { $0.json["response"]?.bytes }
        return files + golden + GoldenCase.streams.compactMap { $0.json["sse"]?.string.map { Array($0.utf8) } }
    }

    private func mutated(_ seed: [UInt8], by random: inout SeededGenerator) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(Array("{}[]\",:\\-9eE.\r\n".utf8).randomElement(using: &random) ?? 0, at: at)
            case 3: bytes.removeSubrange(at..<min(bytes.count, at + 20))
            case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 40)], at: at)
            default: bytes.replaceSubrange(at..<at, with: Array("-99999999999999999999e99".utf8))
            }
        }
        return bytes
    }

    @Test(arguments: [1, 2, 3, 4])
    func `no mutation of a body traps a reader, and every split of it reads the same`(_ seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let seeds = try seeds()
        for round in 0..<5000 {
            let bytes = mutated(seeds.randomElement(using: &random) ?? [], by: &random)
            var answer = Answer()
            answer.api = Self.apis[round % Self.apis.count]
            answer.provider = Self.providers.randomElement(using: &random) ?? ""
            answer.contentType = Self.types.randomElement(using: &random) ?? nil
            let reading = answer.reading(of: bytes)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            #expect(answer.reading(of: bytes, cutAt: [cut]) == reading, "seed \(seed), round \(round), cut at \(cut)")
            for count in reading.parts.flatMap(\.usage.counts) { #expect(count.count >= 0) }
            _ = Metering(of: reading, peek: RequestPeek(), isSuccess: true, ratio: .standard)
            read(bytes, api: answer.api)
        }
    }

    private func read(_ bytes: [UInt8], api: String) {
        _ = try? RequestPeek(body: bytes, dialect: .openai, api: api)
        _ = try? RequestPeek(multipart: bytes, contentType: "multipart/form-data; boundary=a")
        _ = try? JSONValue(bytes)
        var splice = StreamSplice()
        var output: [UInt8] = []
        splice.write(bytes, into: &output)
        splice.finish(into: &output)
        #expect(output.count <= bytes.count)
        var batch = BatchOutputReader(provider: "openai")
        batch.read(bytes) { #expect($0.reading.hasUsage) }
        let path = "/" + String(decoding: bytes.prefix(40), as: UTF8.self)
        _ = try? PublicPath(path, hasAnthropicVersion: false)
        _ = route(method: "POST", path: path, dialect: .gemini)
    }
}
