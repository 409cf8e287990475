/// What a line `expect …` of a policy scenario demands of a verdict.
enum ScenarioExpectation: Hashable, Sendable {
    case outcome(PolicyVerdict.Outcome, by: String?)
    case message(String)
    case warning(String)
    case noWarning
    case shadow(String)
    case noShadow
    /// `nil` expects that policies do not set the tag.
    case tag(Dimension, String?)
    /// A part of a line of the explanation.
    case reason(String)

    init(_ text: String) throws(DescribedCall.Problem) {
        let words = try ScenarioWords.words(of: text)
        let rest = ScenarioWords.verb(of: text).rest
        switch (words.first ?? "", words.dropFirst().first) {
        case ("message", .some): self = .message(rest)
        case ("reason", .some): self = .reason(rest)
        case ("warning", let policy?): self = .warning(policy)
        case ("shadow", let policy?): self = .shadow(policy)
        case ("no", "warning"): self = .noWarning
        case ("no", "shadow"): self = .noShadow
        case ("no", "tag") where words.count == 3:
            guard let dimension = Dimension(words[2]) else {
                throw DescribedCall.Problem(message: "'\(words[2])' is no dimension")
            }
            self = .tag(dimension, nil)
        case ("tag", let pair?):
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let dimension = Dimension(parts[0]) else {
                throw DescribedCall.Problem(message: "'\(pair)' is no NAME=VALUE, such as cost_center=4711")
            }
            self = .tag(dimension, parts[1])
        default: self = try Self.outcome(words)
        }
    }

    private static func outcome(_ words: [String]) throws(DescribedCall.Problem) -> ScenarioExpectation {
        let names = PolicyVerdict.Outcome.allCases.map(\.rawValue)
        guard let word = words.first, let outcome = PolicyVerdict.Outcome(rawValue: word) else {
            let others = ["message", "reason", "warning", "shadow", "tag", "no"]
            let ending = Suggestion.ending(
                for: words.first ?? "",
                among: names + others,
                otherwise: "expect \(Suggestion.listing(names + others))"
            )
            throw DescribedCall.Problem(message: "'\(words.first ?? "")' cannot be expected\(ending)")
        }
        if words.count == 1 { return .outcome(outcome, by: nil) }
        guard words.count == 3, words[1] == "by" else {
            throw DescribedCall.Problem(message: "write it as 'expect \(word) by POLICY'")
        }
        return .outcome(outcome, by: words[2])
    }

    /// How the verdict differs; `nil` when it is as expected.
    func failure(_ explanation: PolicyExplanation) -> String? {
        let verdict = explanation.verdict
        switch self {
        case .outcome(let outcome, let policy):
            guard verdict.outcome != outcome || policy != nil && verdict.decision?.policy != policy else { return nil }
            return "expected \(outcome.rawValue)\(policy.map { " by \($0)" } ?? ""), but it is \(verdict.summary)"
        case .message(let text):
            let messages = verdict.findings.map(\.message)
            guard !messages.contains(text) else { return nil }
            return "expected the message '\(text)', but there is \(Self.listing(messages))"
        case .warning(let policy): return Self.missing("warning", policy, verdict.warnings)
        case .shadow(let policy): return Self.missing("shadow finding", policy, verdict.shadows)
        case .noWarning: return Self.unexpected("warning", verdict.warnings)
        case .noShadow: return Self.unexpected("shadow finding", verdict.shadows)
        case .tag(let dimension, let value):
            let actual = verdict.tags.last { $0.dimension == dimension }?.value
            guard actual != value else { return nil }
            return "expected \(dimension) to be set to \(value ?? "nothing"), but it is set to \(actual ?? "nothing")"
        case .reason(let text):
            guard !explanation.description.contains(text) else { return nil }
            return "expected a reason with '\(text)'"
        }
    }

    private static func missing(_ kind: String, _ policy: String, _ findings: [PolicyFinding]) -> String? {
        guard !findings.contains(where: { $0.policy == policy }) else { return nil }
        return "expected a \(kind) by \(policy), but there is \(listing(findings.map(\.policy)))"
    }

    private static func unexpected(_ kind: String, _ findings: [PolicyFinding]) -> String? {
        findings.isEmpty ? nil : "expected no \(kind), but there is one by \(listing(findings.map(\.policy)))"
    }

    private static func listing(_ texts: [String]) -> String {
        texts.isEmpty ? "none" : texts.map { "'\($0)'" }.joined(separator: ", ")
    }
}

extension PolicyVerdict {
    /// The outcome and the rule that decided: `deny by cost-tags (require team): team is missing; send X-Team`.
    package var summary: String {
        guard let decision else { return outcome.rawValue }
        return "\(outcome.rawValue) by \(decision.policy) (\(decision.rule)): \(decision.message)"
    }
}

/// Cuts the lines of a scenario into words.
enum ScenarioWords {
    /// The first word, and what follows it.
    static func verb(of line: String) -> (verb: String, rest: String) {
        guard let space = line.firstIndex(where: \.isWhitespace) else { return (line, "") }
        return (String(line[..<space]), trimmed(line[space...]))
    }

    /// Words between spaces; double quotes keep spaces in a word.
    static func words(of text: String) throws(DescribedCall.Problem) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if character.isWhitespace, !isQuoted {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard !isQuoted else { throw DescribedCall.Problem(message: "a quote is not closed") }
        if let word { words.append(word) }
        return words
    }

    /// Values between commas.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        guard let start = text.firstIndex(where: { !$0.isWhitespace }),
            let end = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[start...end])
    }
}
