/// What an attribute can say about a call.
enum Fact: UInt8, Hashable, Sendable {
    case input, output, total
    case cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h
    case reasoning, toolPrompt
    case inputAudio, cacheReadAudio, outputAudio
    /// The counts stand under names that only sums over calls use.
    case aggregatedUsage

    /// In dollars.
    case cost
    case costMicros

    case provider, apiType, operation, kind
    /// The model that served the call.
    case model
    case requestModel
    case responseID, requestID
    case serviceTier, speed, inferenceGeo

    case status, errorType
    case durationMilliseconds
    case firstTokenSeconds, firstTokenMilliseconds
    case isStream, isCacheHit
    case tool
    /// How the user signed in, or what was bought: tells subscriptions from calls that are paid one by one.
    case plan
}

/// Which attribute says what, in the words of one emitter.
struct Vocabulary: Sendable {
    struct Meaning: Sendable {
        let fact: Fact
        /// Of several names that are present the lowest counts; they are never added.
        let rank: Int
    }

    private let meanings: [String: Meaning]

    /// - Parameter synonyms: The names of each fact, the one that counts first.
    init(_ synonyms: [(Fact, [String])]) {
        var meanings: [String: Meaning] = [:]
        for (fact, names) in synonyms {
            for (rank, name) in names.enumerated() where meanings[name] == nil {
                meanings[name] = Meaning(fact: fact, rank: rank)
            }
        }
        self.meanings = meanings
    }

    /// The words of this vocabulary, and those of `other` where it has none for a fact or name.
    func over(_ other: Vocabulary) -> Vocabulary {
        let own = Set(meanings.values.map(\.fact))
        let added = other.meanings.filter { !own.contains($0.value.fact) }
        return Vocabulary(meanings: added.merging(meanings) { $1 })
    }

    private init(meanings: [String: Meaning]) {
        self.meanings = meanings
    }

    var names: [String] { Array(meanings.keys) }

    func facts(in attributes: Attributes) -> Facts {
        var facts = Facts()
        for entry in attributes.entries {
            guard let meaning = meanings[entry.key] else { continue }
            facts.add(meaning, entry.value)
        }
        return facts
    }
}

/// What the attributes of one record say.
struct Facts: Sendable {
    private struct Entry: Sendable {
        let fact: Fact
        var rank: Int
        var value: AttributeValue
    }

    private var entries: [Entry] = []

    init() {}

    subscript(fact: Fact) -> AttributeValue? {
        get { entries.first { $0.fact == fact }?.value }
        set {
            entries.removeAll { $0.fact == fact }
            if let newValue { entries.append(Entry(fact: fact, rank: 0, value: newValue)) }
        }
    }

    /// The text of a fact; `nil` where it is absent, empty or no text.
    func text(_ fact: Fact) -> String? {
        guard case .string(let text) = self[fact], !text.isEmpty else { return nil }
        return text
    }

    func isTrue(_ fact: Fact) -> Bool {
        switch self[fact] {
        case .bool(let isTrue): isTrue
        case .string(let text): text == "true" || text == "True"
        case .integer(let number): number == 1
        default: false
        }
    }

    /// Whether any count of tokens was said.
    var hasCounts: Bool {
        entries.contains { $0.fact.rawValue <= Fact.outputAudio.rawValue }
    }

    fileprivate mutating func add(_ meaning: Vocabulary.Meaning, _ value: AttributeValue) {
        if case .string(let text) = value, text.isEmpty { return }
        guard let index = entries.firstIndex(where: { $0.fact == meaning.fact }) else {
            if entries.isEmpty { entries.reserveCapacity(12) }
            entries.append(Entry(fact: meaning.fact, rank: meaning.rank, value: value))
            return
        }
        guard meaning.rank < entries[index].rank else { return }
        entries[index].rank = meaning.rank
        entries[index].value = value
    }
}
