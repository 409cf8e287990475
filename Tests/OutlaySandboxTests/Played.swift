import OutlayCore
import Testing

@testable import OutlaySandbox

/// One request to the provider without sockets, and its answer as it would be sent.
struct Played {
    let reply: Reply
    let text: String
    let source: PieceSource

    init(_ path: String, _ body: String = "", _ headers: [(String, String)] = [], method: String = "POST") {
        let request = SandboxRequest(method: method, uri: path, headers: headers, body: Array(body.utf8))
        reply = Provider().reply(to: request, ids: Identity(suffix: "t1", created: 1_790_000_000))
        var source = PieceSource(reply)
        var bytes: [UInt8] = []
        while let piece = source.next() { bytes += piece.bytes }
        text = String(decoding: bytes, as: UTF8.self)
        self.source = source
    }

    /// The body as JSON.
    var json: JSON { JSON(parsing: Array(text.utf8)) ?? .null }

    /// The data of the server-sent events that are JSON.
    var events: [JSON] {
        text.split(separator: "\n").compactMap { line in
            line.hasPrefix("data: ") ? JSON(parsing: Array(line.dropFirst(6).utf8)) : nil
        }
    }

    var usage: SandboxUsage { reply.charge?.usage ?? .none }
}

extension JSON {
    /// The value at `path`: names, and numbers for elements.
    func at(_ path: String) -> JSON? {
        path.split(separator: ".").reduce(self as JSON?) { value, step in
            guard let index = Int(step) else { return value?[String(step)] }
            let elements = value?.elements ?? []
            return elements.indices.contains(index) ? elements[index] : nil
        }
    }

    func text(_ path: String) -> String? { at(path)?.text }
    func integer(_ path: String) -> Int? { at(path)?.integer }
}

/// The bodies of the tests.
enum Ask {
    static let chat = #"{"model":"gpt-6-luna","messages":[{"role":"user","content":"Hello there"}]}"#
    static let chatStream = chat.dropLast() + #","stream":true,"stream_options":{"include_usage":true}}"#
    static let responses = #"{"model":"gpt-6.1-sol","input":"Hello there"}"#
    static let responsesStream = responses.dropLast() + #","stream":true}"#
    static let messages =
        #"{"model":"claude-haiku-5-5","max_tokens":900,"messages":[{"role":"user","content":"Hello there"}]}"#
    static let messagesStream = messages.dropLast() + #","stream":true}"#
    static let gemini = #"{"contents":[{"role":"user","parts":[{"text":"Hello there"}]}]}"#
    static let geminiPath = "/v1beta/models/gemini-3.8-flash:generateContent"
    static let geminiStreamPath = "/v1beta/models/gemini-3.8-flash:streamGenerateContent"
    static let anthropic = [("anthropic-version", "2023-06-01")]
    static let exact = ("x-sandbox-usage", "input=4000,cache_read=800,output=10,reasoning=4")
}
