import Foundation
import OutlayCore
import Testing

@Suite struct TagsScenarioTests {
    @Test(arguments: AttributionScenario.files)
    func `an attribution scenario holds line by line`(_ file: String) throws {
        var scenario = try AttributionScenario(file: file)
        scenario.run()
        #expect(scenario.failures == [])
        #expect(scenario.expectations > 0)
    }
}

/// Plays a `.attribution` file: set-up lines, then calls, each with what it must be attributed to.
///
/// `{text*n}` repeats; `expect DIMENSION none` is an absent tag; conflicts not listed are failures.
struct AttributionScenario {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Scenarios")
        .standardized

    static var files: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".attribution") }.sorted()
    }

    private let file: String
    private let lines: [String]
    private var resources = Resources()
    private var key = KeyRules(name: "key")
    private var call: Call?
    private(set) var failures: [String] = []
    private(set) var expectations = 0

    private struct Call {
        let line: Int
        var claims = Claims()
        var inherited: TagSet?
        var time = Timestamp(seconds: 1_795_000_000)
        var checks: [(line: Int, words: [String])] = []
        var conflicts: Set<String> = []
        var collected: [(header: String, value: String)] = []
        var metadata: [(name: String, value: String)] = []
    }

    init(file: String) throws {
        self.file = file
        lines = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8).components(separatedBy: "\n")
    }

    mutating func run() {
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let words = Self.expanded(line).split(separator: " ").map(String.init)
            if !play(words, rest: Self.expanded(line), line: index + 1) {
                fail(index + 1, "cannot read '\(line)'")
            }
        }
        finish()
    }

    private mutating func play(_ words: [String], rest line: String, line number: Int) -> Bool {
        let verb = words[0]
        let text = String(line.dropFirst(verb.count + 1))
        switch verb {
        case "expect", "claimed": call?.checks.append((number, words))
        case "conflict": call?.conflicts.formUnion(words.dropFirst())
        case "inherited": call?.inherited = Self.tags(words.dropFirst())
        case "baggage", "tags":
            call?.collected.append((verb == "tags" ? "X-Outlay-Tags" : verb, text))
        case "header": call?.collected.append((words[1], String(text.dropFirst(words[1].count + 1))))
        case "metadata": call?.metadata.append((words[1], words[2]))
        case "token": call?.claims.add(Dimension(words[1]) ?? .malformed, words[2], from: .token)
        case "fallback": call?.claims.addFallback(Dimension(words[1]) ?? .malformed, words[2], detail: words[3])
        case "call":
            finish()
            return begin(words, number)
        default:
            finish()
            return configure(verb, words)
        }
        return call != nil
    }

    private mutating func begin(_ words: [String], _ line: Int) -> Bool {
        var call = Call(line: line)
        for index in stride(from: 1, to: words.count - 1, by: 2) {
            switch words[index] {
            case "path": call.claims.path = words[index + 1]
            case "host": call.claims.host = words[index + 1]
            case "user": call.claims.user = words[index + 1]
            case "at": call.time = Timestamp(rfc3339: words[index + 1]) ?? call.time
            default: return false
            }
        }
        self.call = call
        return true
    }

    private mutating func configure(_ verb: String, _ words: [String]) -> Bool {
        switch verb {
        case "workspace": resources.workspaces.append(Workspace(name: words[1], tags: Self.tags(words[2...])))
        case "agent":
            let tags = Self.tags(words[2...])
            resources.agents.append(Agent(name: words[1], tags: tags, workspace: Self.word(after: "in", in: words)))
        case "alias": resources.tags.aliases[Dimension(words[1]) ?? .malformed, default: [:]][words[2]] = words[3]
        case "spelling": resources.tags.spellings[words[1]] = Dimension(words[2])
        case "custom": resources.tags.custom += words.dropFirst().compactMap { Dimension($0) }
        case "rule": return addRule(words)
        case "key": setKey(words)
        default: return false
        }
        return true
    }

    private mutating func addRule(_ words: [String]) -> Bool {
        let conditions: [String: TagRule.Condition] = [
            "path": .pathPrefix(words[2]), "host": .host(words[2]), "user": .user(words[2]),
        ]
        guard let condition = conditions[words[1]] else { return false }
        let day = { (name: String) in Self.word(after: name, in: words).flatMap { CivilDate($0)?.startUTC } }
        let tags = Self.tags(words[3...])
        resources.rules.append(
            TagRule(name: words[2], condition: condition, tags: tags, from: day("from"), to: day("to"))
        )
        return true
    }

    private mutating func setKey(_ words: [String]) {
        key = KeyRules(name: "key", workspace: Self.word(after: "in", in: words) ?? Workspace.defaultName)
        key.tags = Self.tags(words[1...])
        for (index, word) in words.enumerated() where word == "allow" {
            let values = words[index + 2].split(separator: ",").map(String.init)
            key.allow[Dimension(words[index + 1]) ?? .malformed] = values
        }
    }

    private mutating func finish() {
        guard var call else { return }
        self.call = nil
        let resolver = AttributionResolver(resources)
        for header in call.collected {
            resolver.collect(header: header.header, value: header.value, into: &call.claims)
        }
        for field in call.metadata {
            resolver.collect(name: field.name, value: field.value, from: .metadata, into: &call.claims)
        }
        let found = resolver.attribute(call.claims, key: key, at: call.time, inherited: call.inherited)
        for check in call.checks { verify(check.words, found, check.line) }
        let conflicts = Set(found.conflicts.map(\.name))
        if conflicts != call.conflicts {
            fail(call.line, "conflicts \(conflicts.sorted()), not \(call.conflicts.sorted())")
        }
    }

    private mutating func verify(_ words: [String], _ found: Attribution, _ line: Int) {
        expectations += 1
        guard let dimension = Dimension(words[1]) else { return fail(line, "'\(words[1])' names no dimension") }
        let value = words[2...].prefix { $0 != "from" }.joined(separator: " ")
        let actual = words[0] == "claimed" ? found.claimed[dimension] : found.effective[dimension]
        if actual != (value == "none" ? nil : value) {
            fail(line, "\(words[0]) \(dimension) is \(actual ?? "none"), not \(value)")
        }
        guard let source = Self.word(after: "from", in: words) else { return }
        let origin = found.origins.first { $0.dimension == dimension }
        if origin?.source.rawValue != source {
            fail(line, "\(dimension) is from \(origin?.source.rawValue ?? "nowhere"), not \(source)")
        }
        if let detail = Self.word(after: source, in: words), origin?.detail != detail {
            fail(line, "\(dimension) is from '\(origin?.detail ?? "")', not '\(detail)'")
        }
    }

    private mutating func fail(_ line: Int, _ message: String) {
        failures.append("\(file):\(line): \(message)")
    }

    private static func tags(_ words: some Sequence<String>) -> TagSet {
        TagSet(
            words.compactMap { word in
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                return parts.count == 2 ? Dimension(parts[0]).map { Tag($0, parts[1]) } : nil
            }
        )
    }

    private static func word(after word: String, in words: [String]) -> String? {
        guard let index = words.lastIndex(of: word), index + 1 < words.count else { return nil }
        return words[index + 1]
    }

    private static func expanded(_ line: String) -> String {
        line.replacing(/\{(.+?)\*(\d+)\}/) { match in
            String(repeating: String(match.output.1), count: Int(match.output.2) ?? 0)
        }
    }
}
