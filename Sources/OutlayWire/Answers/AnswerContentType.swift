/// The content type that a stored answer most likely had, by its first bytes.
///
/// Server-sent events begin with a field name or a comment, AWS event streams with a checked prelude, JSON with a
/// bracket or a brace.
package func answerContentType(of body: [UInt8]) -> String {
    if AWSEventStream.begins(body) { return "application/vnd.amazon.eventstream" }
    let start = body.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }.prefix(6)
    let isEvents = ["data:", "event:", "id:", "retry:", ":"].contains { start.starts(with: $0.utf8) }
    return isEvents ? "text/event-stream" : "application/json"
}
