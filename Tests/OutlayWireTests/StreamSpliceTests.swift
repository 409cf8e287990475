import OutlayWire
import Testing

@Suite struct StreamSpliceTests {
    private func spliced(_ text: String, cutAt cuts: [Int] = []) -> String {
        var splice = StreamSplice()
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        var start = 0
        for cut in cuts + [bytes.count] {
            splice.write(Array(bytes[start..<cut]), into: &output)
            start = cut
        }
        splice.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private let role = #"{"id":"c","choices":[{"index":0,"delta":{"role":"assistant"}}]"#
    private let hello = #"{"id":"c","choices":[{"index":0,"delta":{"content":"Hi, \"usage\":null 😀"}}]"#
    private let usage = #"{"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1}}"#

    /// What a call that asked for usage is sent, and what one that did not is sent.
    private func streams(lineEnd: String) -> (asked: String, direct: String) {
        let asked = [role + #","usage":null}"#, hello + #","usage":null}"#, usage, "[DONE]"]
        let direct = [role + "}", hello + "}", "[DONE]"]
        func stream(_ events: [String]) -> String {
            events.map { "data: \($0)\(lineEnd)\(lineEnd)" }.joined()
        }
        return (stream(asked), stream(direct))
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `the client gets what a direct call without usage gets, at every split`(_ lineEnd: String) {
        let (asked, direct) = streams(lineEnd: lineEnd)
        let count = asked.utf8.count
        for cut in 0...count { #expect(spliced(asked, cutAt: [cut]) == direct, "cut at \(cut)") }
        #expect(spliced(asked, cutAt: Array(0..<count)) == direct)
    }

    @Test func `a stream without usage passes byte for byte`() {
        let stream = ": comment\n\nevent: ping\ndata: {}\n\n" + streams(lineEnd: "\n").direct + "data: {\"cut"
        #expect(spliced(stream) == stream)
    }

    @Test(arguments: [
        (#"{"choices":[{"index":0}],"usage":{"prompt_tokens":1}}"#, #"{"choices":[{"index":0}]}"#),
        (#"{"usage":null,"choices":[{"index":0}]}"#, #"{"choices":[{"index":0}]}"#),
        (#"{"id":"c", "usage": null, "choices":[1]}"#, #"{"id":"c", "choices":[1]}"#),
        (#"{"choices":[],"usage":null,"prompt_filter_results":[]}"#, #"{"choices":[],"prompt_filter_results":[]}"#),
        (#"{"choices":[{"delta":{"usage":null}}]}"#, #"{"choices":[{"delta":{"usage":null}}]}"#),
        (#"{"x_groq":{"usage":{}},"choices":[]}"#, #"{"x_groq":{"usage":{}},"choices":[]}"#),
        (#"{"usage":null}"#, "{}"),
        (#"{"broken":"#, #"{"broken":"#),
    ])
    func `only the usage member of a chunk goes`(_ chunk: (sent: String, seen: String)) {
        #expect(spliced("data: \(chunk.sent)\n\n") == "data: \(chunk.seen)\n\n")
    }

    @Test func `an event is passed on as soon as it is whole`() {
        var splice = StreamSplice()
        var output: [UInt8] = []
        splice.write(Array("data: \(role)}\n\ndata: {".utf8), into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "data: \(role)}\n\n")
    }

    @Test func `an event too long to keep passes as it is`() {
        let long =
            "data: {\"choices\":[{\"delta\":\"" + String(repeating: "x", count: StreamSplice.eventMax) + "\"}]}\n\n"
        let (asked, direct) = streams(lineEnd: "\n")
        #expect(spliced(long + asked, cutAt: [100, 5000]) == long + direct)
    }
}
