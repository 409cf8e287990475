/// The query of a request, with Gemini's `key` parameter taken out.
struct Query {
    /// What is forwarded, without the question mark; empty for none.
    private(set) var forwarded: String
    /// Values of `key`, decoded; never logged.
    private(set) var keys: [String] = []

    init(_ query: Substring) {
        guard query.utf8.contains(UInt8(ascii: "k")) || query.utf8.contains(UInt8(ascii: "%")) else {
            forwarded = String(query)
            return
        }
        var kept: [Substring] = []
        for pair in query.split(separator: "&", omittingEmptySubsequences: false) {
            let name = pair.prefix { $0 != "=" }
            if Self.decoded(name) == "key" {
                keys.append(Self.decoded(pair.dropFirst(name.count + 1)))
            } else {
                kept.append(pair)
            }
        }
        forwarded = keys.isEmpty ? String(query) : kept.joined(separator: "&")
    }

    private static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
