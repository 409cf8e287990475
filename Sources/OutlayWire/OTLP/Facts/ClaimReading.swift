import OutlayCore
import Synchronization

/// Reads attributes as tags: those spelled like one, those below a known prefix, and a few fixed names.
struct ClaimReading {
    let names: TagNames
    let habits: TagHabits

    /// What `attributes` claim, names before ids, each dimension and value once.
    func claims(of attributes: Attributes, reach: TelemetryClaim.Reach) -> [TelemetryClaim] {
        var found: [(strength: Int, claim: TelemetryClaim)] = []
        for entry in attributes.entries {
            if entry.key == "metadata", case .string(let text) = entry.value {
                found += members(of: text, reach: reach)
            } else if let (dimension, strength) = meaning(of: entry.key), let value = value(of: entry) {
                found.append((strength, TelemetryClaim(dimension, value, reach: reach, attribute: entry.key)))
            }
        }
        guard found.count > 1 else { return found.map(\.claim) }
        // Not by the order of attributes, which is an exporter's accident.
        found.sort { ($0.strength, $0.claim.attribute) < ($1.strength, $1.claim.attribute) }
        var claims: [TelemetryClaim] = []
        claims.reserveCapacity(found.count)
        for (_, claim) in found where !claims.contains(where: { Self.isSame($0, claim) }) { claims.append(claim) }
        return claims
    }

    static func isSame(_ first: TelemetryClaim, _ second: TelemetryClaim) -> Bool {
        first.dimension == second.dimension && first.value == second.value
    }

    private func meaning(of name: String) -> TagNames.Meaning? {
        if habits.foreign.contains(name) { return nil }
        if name == "user.email" { return (.user, habits.isUserMail ? 0 : 4) }
        return names.meaning(of: name)
    }

    private func value(of entry: Attributes.Entry) -> String? {
        switch entry.value {
        case .string(let text) where text.isEmpty: nil
        case .string(let text) where entry.key.hasPrefix("langfuse."): Self.unquoted(text)
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .double: nil
        }
    }

    /// Tags among the members of a JSON object.
    private func members(of text: String, reach: TelemetryClaim.Reach) -> [(Int, TelemetryClaim)] {
        guard text.hasPrefix("{"), let document = try? JSONDocument(Array(text.utf8)) else { return [] }
        return document.root.members.prefix(64).compactMap { member in
            guard let dimension = names.dimension(inProse: member.key),
                let value = member.value.string ?? member.value.number
            else { return nil }
            return (3, TelemetryClaim(dimension, value, reach: reach, attribute: "metadata.\(member.key)"))
        }
    }

    /// The text inside a JSON string; other text as it is.
    private static func unquoted(_ text: String) -> String {
        guard text.hasPrefix("\""), let document = try? JSONDocument(Array(text.utf8)) else { return text }
        return document.root.string ?? text
    }
}

/// Which attribute names are tags, remembered: the records of a request are much alike.
final class TagNames: Sendable {
    /// The dimension an attribute speaks of, and how much it is worth: 0 most.
    typealias Meaning = (dimension: Dimension, strength: Int)

    private let spellings: Spellings
    private let known = Mutex<[String: Meaning?]>([:])

    /// More names than this are looked up each time.
    private static let knownMax = 1024

    init(_ spellings: Spellings) {
        self.spellings = spellings
    }

    func meaning(of name: String) -> Meaning? {
        known.withLock { known in
            if let meaning = known[name] { return meaning }
            let meaning = find(name)
            if known.count < Self.knownMax { known[name] = .some(meaning) }
            return meaning
        }
    }

    private func find(_ name: String) -> Meaning? {
        if let fixed = Self.fixed[name] { return fixed }
        if let dimension = spellings.dimension(named: name) { return (dimension, Self.isID(name) ? 2 : 1) }
        guard let prefix = Self.prefixes.first(where: name.hasPrefix),
            let dimension = dimension(inProse: String(name.dropFirst(prefix.count)))
        else { return nil }
        return (dimension, Self.isID(name) ? 2 : 1)
    }

    /// The dimension of a name that may be written as in JavaScript: `userId`.
    func dimension(inProse name: String) -> Dimension? {
        if let dimension = spellings.dimension(named: name) { return dimension }
        guard name.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else { return nil }
        var snake = ""
        for character in name {
            if character.isUppercase, !snake.isEmpty, snake.last != "_" { snake.append("_") }
            snake.append(character)
        }
        return spellings.dimension(named: snake)
    }

    private static func isID(_ name: String) -> Bool {
        name.lowercased().hasSuffix("id")
    }

    /// What stands before the names of a caller's own tags.
    static let prefixes = [
        "traceloop.association.properties.", "langfuse.trace.metadata.", "langfuse.observation.metadata.",
        "langsmith.metadata.", "ai.telemetry.metadata.", "openclaw.client.", "metadata.",
    ]

    /// Names that mean a dimension and are not spelled like it.
    private static let fixed: [String: (Dimension, strength: Int)] = [
        "gen_ai.user.id": (.user, 2), "gen_ai.user": (.user, 2), "gen_ai.request.user": (.user, 2),
        "llm.user": (.user, 2), "langfuse.user.id": (.user, 2),
        "metadata.user_api_key_end_user_id": (.user, 2), "metadata.user_api_key_user_id": (.user, 3),
        "metadata.user_api_key_user_email": (.user, 3),
        "metadata.user_api_key_team_alias": (.team, 0), "metadata.user_api_key_team_id": (.team, 2),
        "langsmith.trace.session_name": (.project, 2), "openinference.project.name": (.project, 2),
        "langfuse.environment": (.environment, 1),
        "openclaw.agent": (.agent, 1), "ai.telemetry.functionId": (.agent, 3),
        "traceloop.workflow.name": (.feature, 3), "gen_ai.workflow.name": (.feature, 3),
    ]

    static var names: [String] {
        Array(fixed.keys) + prefixes.map { $0 + "*" } + ["user.email", "metadata"]
    }
}
