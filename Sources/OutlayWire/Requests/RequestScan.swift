import OutlayCore

/// One pass over a request body: the keys at its top, a few one level down, and how much text it asks about.
struct RequestScan: JSONSink {
    /// Keys that decide money or policy: one of them twice, and the provider might read the other one.
    static let decisive = KeySet([
        "model", "stream", "max_tokens", "max_completion_tokens", "max_output_tokens", "stream_options",
        "service_tier", "n", "speed", "usage", "inference_geo", "background", "best_of", "tools", "metadata",
        "prompt_cache_options", "prompt_cache_retention", "generationConfig", "generation_config", "include_usage",
        "maxOutputTokens", "candidateCount", "user", "safety_identifier", "input", "messages",
        "prompt", "contents", "serviceTier", "inferenceConfig", "maxTokens", "options", "num_predict", "user_id",
        "store", "ttl", "thinking", "system",
    ])

    /// A value kept from the top of the body or one level down.
    struct Kept: Hashable {
        var parent: String
        var key: String
        var text: String
        var atom: JSONAtom?
        var range: Range<Int>
    }

    /// The longest text kept of one value.
    private static let textMax = 4096
    /// How many values are kept.
    private static let keptMax = 128
    /// Nested objects whose members are kept.
    private static let parents = KeySet([
        "stream_options", "prompt_cache_options", "metadata", "generationConfig", "generation_config",
        "inferenceConfig", "requestMetadata", "labels", "options",
    ])

    private(set) var kept: [Kept] = []
    private(set) var duplicate: String?
    /// Where the body's object begins.
    private(set) var start: Int?
    private(set) var isEmpty = true
    /// The nested objects that were opened, by the place of their bracket and whether they are empty.
    private(set) var opened: [String: (at: Int, isEmpty: Bool)] = [:]
    private(set) var text: PromptText
    /// Characters of a plain `input` at the top, such as a speech request's.
    private(set) var inputCharacters: Int?

    private var depth = 0
    /// The decisive keys seen at the top and in the nested object, a bit for each.
    private var seen: (top: UInt64, nested: UInt64) = (0, 0)
    private var key = ""
    /// Whether the last key at the top is one of ``parents``.
    private var isParent = false
    private var parent = ""
    private var scratch: [UInt8] = []
    private var valueStart = 0
    private var isKeeping = false
    private var isDecisive = false

    /// - Parameter counter: counts the prompt's tokens too, where they are wanted.
    init(counting counter: TokenCounter? = nil) {
        text = PromptText(counter: counter)
    }

    mutating func open(isObject: Bool, at index: Int) {
        if depth == 0, isObject { start = index }
        if depth == 1 {
            parent = isObject && isParent ? key : ""
            if isObject { opened[key] = (index, true) }
            seen.nested = 0
            text.enterTop()
        }
        depth += 1
        text.open(isObject: isObject)
    }

    mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) {
        depth -= 1
        text.close()
        if depth == 1 { parent = "" }
    }

    mutating func beginString(isKey: Bool, at index: Int) {
        valueStart = index
        isKeeping = isWatched && (isKey || hasRoom)
        if isKeeping { scratch.removeAll(keepingCapacity: true) }
        text.beginString(isKey: isKey)
    }

    /// Whether the value is kept: decisive ones always are, so that no crowd of others can hide them.
    private var hasRoom: Bool { isDecisive || kept.count < Self.keptMax }

    /// Whether the scan stands at the top of the body or inside a nested object that is looked at.
    private var isWatched: Bool { depth == 1 || (depth == 2 && !parent.isEmpty) }

    mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
        if isKeeping { _ = scratch.append(bytes, range, limit: Self.textMax) }
        text.string(bytes, range)
    }

    mutating func escaped(_ scalar: UInt32) {
        if isKeeping, scratch.count < Self.textMax { scratch.append(scalar: scalar) }
        text.escaped(scalar)
    }

    mutating func endString(isKey: Bool, at index: Int) {
        if isKey {
            if isKeeping { takeKey() }
            text.endKey()
        } else {
            if depth == 1 { text.enterTop() }
            let before = text.characters
            text.endValue()
            if depth == 1, key == "input" { inputCharacters = text.characters - before }
            if isKeeping { keep(atom: nil, upTo: index + 1) }
        }
    }

    private mutating func takeKey() {
        key = String(decoding: scratch, as: UTF8.self)
        if depth == 1 {
            isEmpty = false
            isParent = Self.parents.contains(scratch)
            text.take(topKey: scratch)
        } else {
            opened[parent]?.isEmpty = false
        }
        let number = Self.decisive.number(of: scratch)
        isDecisive = number != nil
        guard let number else { return }
        let bit: UInt64 = 1 << UInt64(number)
        let isSecond = (depth == 1 ? seen.top : seen.nested) & bit != 0
        if depth == 1 { seen.top |= bit } else { seen.nested |= bit }
        if isSecond { duplicate = duplicate ?? key }
    }

    mutating func beginAtom(_ atom: JSONAtom, at index: Int) {
        valueStart = index
        isKeeping = isWatched && hasRoom
        if isKeeping { scratch.removeAll(keepingCapacity: true) }
    }

    mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {
        if isKeeping { _ = scratch.append(bytes, range, limit: Self.textMax) }
    }

    mutating func endAtom(_ atom: JSONAtom, at index: Int) {
        if isKeeping { keep(atom: atom, upTo: index) }
    }

    private mutating func keep(atom: JSONAtom?, upTo end: Int) {
        guard !key.isEmpty else { return }
        let parent = depth == 2 ? parent : ""
        let text = String(decoding: scratch, as: UTF8.self)
        kept.append(Kept(parent: parent, key: key, text: text, atom: atom, range: valueStart..<end))
    }

    /// The last value of `key`, which is the one providers read.
    func value(_ key: String, in parent: String = "") -> Kept? {
        kept.last { $0.key == key && $0.parent == parent }
    }
}
