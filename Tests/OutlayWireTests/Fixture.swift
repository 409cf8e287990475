import Foundation
import OutlayCore
import OutlayWire

/// Files under `Tests/Fixtures`.
enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: path)))
    }

    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(bytes(path))
    }

    /// The paths of every file in the providers' folders.
    static func allProviderFiles() -> [String] {
        ["openai", "anthropic", "gemini", "compatible"].flatMap { name -> [String] in
            let files = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path())
            return (files ?? []).sorted().map { "\(name)/\($0)" }
        }
    }
}

/// A provider's answer and what is known about the call it answers.
struct Answer {
    var provider = "openai"
    var api = "chat.completions"
    var dialect = Upstream.Dialect.openai
    var contentType: String? = "application/json"
    var peek = RequestPeek()

    var reader: any AnswerReader {
        answerReader(
            dialect: dialect,
            provider: provider,
            api: api,
            isStream: contentType == "text/event-stream",
            contentType: contentType,
            peek: peek
        )
    }

    /// Reads `bytes` in pieces that end at `cuts`.
    func reading(of bytes: [UInt8], cutAt cuts: [Int] = [], isCut: Bool = false) -> AnswerReading {
        var reader = reader
        var start = 0
        for cut in cuts + [bytes.count] {
            reader.read(Array(bytes[start..<cut]))
            start = cut
        }
        return reader.finish(isCut: isCut)
    }

    func reading(of text: String, isCut: Bool = false) -> AnswerReading {
        reading(of: Array(text.utf8), isCut: isCut)
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
