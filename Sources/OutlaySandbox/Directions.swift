/// How one call is to be answered: from `x-sandbox-…` headers, or lines of that form in its prompt or metadata.
///
/// Headers win. Without any, usage follows from the prompt alone, so equal prompts cost the same.
struct Directions: Hashable, Sendable {
    /// Counts that are set exactly; the others follow from the prompt.
    var usage: [String: Int] = [:]
    var firstTokenMilliseconds = 0
    var tokenMilliseconds = 0
    var tokensPerChunk = 1
    var fault = Fault.none
    /// A fixed id, which makes two answers to the same request equal byte for byte.
    var id: String?
    /// The model that claims to have served the call.
    var model: String?
    /// The tier that claims to have served the call.
    var tier: String?

    static let prefix = "x-sandbox-"

    init() {}

    /// Reads headers first, then lines found in the body.
    init(headers: [(name: String, value: String)], body: [(name: String, value: String)]) throws(DirectionError) {
        var seen: Set<String> = []
        for (name, value) in headers + body where name.hasPrefix(Self.prefix) {
            guard seen.insert(name).inserted else { continue }
            try take(name, value)
        }
    }

    private mutating func take(_ name: String, _ value: String) throws(DirectionError) {
        switch name.dropFirst(Self.prefix.count) {
        case "usage": usage = try Self.counts(value)
        case "first-token-ms": firstTokenMilliseconds = try Self.number(name, value, 0...600_000)
        case "token-ms": tokenMilliseconds = try Self.number(name, value, 0...60_000)
        case "tokens-per-chunk": tokensPerChunk = try Self.number(name, value, 1...100_000)
        case "fault": fault = try Fault(value)
        case "id": id = value
        case "model": model = value
        case "tier": tier = value
        default: throw DirectionError(header: name, part: value)
        }
    }

    private static func counts(_ text: String) throws(DirectionError) -> [String: Int] {
        var counts: [String: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=").map { $0.trimmingSpaces() }
            guard pair.count == 2, SandboxUsage.names.contains(where: { $0.key == pair[0] }),
                let count = Int(pair[1]), (0...1_000_000_000).contains(count)
            else { throw DirectionError(header: "x-sandbox-usage", part: String(part)) }
            counts[pair[0]] = count
        }
        return counts
    }

    private static func number(
        _ name: String,
        _ value: String,
        _ range: ClosedRange<Int>
    ) throws(DirectionError) -> Int {
        guard let number = Int(value), range.contains(number) else { throw DirectionError(header: name, part: value) }
        return number
    }
}
