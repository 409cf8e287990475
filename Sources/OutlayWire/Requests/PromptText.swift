/// Counts the characters of a request that a model will read: an estimate for input that no usage covers.
///
/// Text of messages, instructions and tool declarations counts; ids, roles, addresses and encoded files do not.
struct PromptText {
    /// Members whose text a model reads.
    private static let readable = KeySet([
        "content", "text", "input", "prompt", "system", "instructions", "arguments", "thinking", "reasoning", "output",
        "parts", "title", "context", "query", "documents", "message", "preamble", "suffix", "inputs",
        "reasoning_content", "refusal", "code", "system_instruction", "systemInstruction",
    ])
    /// Members in which every text counts, whatever it is called.
    private static let whole = KeySet([
        "tools", "functions", "response_format", "args", "response", "functionDeclarations", "parameters",
        "responseSchema", "toolConfig", "json_schema", "schema",
    ])
    /// Members that never count.
    private static let never = KeySet([
        "data", "url", "image_url", "file_data", "fileData", "inlineData", "b64_json", "role", "type", "id", "model",
        "media_type", "mimeType", "mime_type", "signature", "encrypted_content", "thoughtSignature", "cache_control",
    ])
    /// Members that hold a tool's arguments where they are an object.
    private static let arguments = KeySet(["input", "arguments"])
    /// Top-level members that are no prompt.
    private static let settings = KeySet([
        "model", "user", "metadata", "safety_identifier", "service_tier", "stream_options", "labels", "stop",
        "reasoning", "text", "output",
    ])

    private enum Rule: UInt8 {
        case byName, all, none
    }

    private(set) var characters = 0
    /// Counts the same text in tokens, where a tokenizer is configured and needed.
    private(set) var counter: TokenCounter?
    /// The count before the string in progress, which may turn out to be a file.
    private var counterBefore: TokenCounter?
    private var rules: [Rule] = []
    private var rule = Rule.byName
    private var isReadable = false
    private var isArguments = false
    private var isKey = false
    /// Whether the member at the top is no prompt.
    private var isSetting = false
    private var scratch: [UInt8] = []
    private var pending = 0
    private var isAtStart = false
    private var start: [UInt8] = []

    init(counter: TokenCounter? = nil) {
        self.counter = counter
    }

    /// Says which member at the top of the body the next value is of.
    mutating func take(topKey key: [UInt8]) {
        isSetting = Self.settings.contains(key)
    }

    /// Says that the next value stands at the top of the body.
    mutating func enterTop() {
        if isSetting {
            rule = .none
            isReadable = false
        }
    }

    mutating func open(isObject: Bool) {
        if isObject, isArguments, rule == .byName { rule = .all }
        isArguments = false
        rules.append(rule)
        if isObject, rule == .byName { isReadable = false }
    }

    mutating func close() {
        rule = rules.popLast() ?? .byName
    }

    mutating func beginString(isKey: Bool) {
        self.isKey = isKey
        pending = 0
        if counter != nil, !isKey { counterBefore = counter }
        start.removeAll(keepingCapacity: true)
        if isKey { scratch.removeAll(keepingCapacity: true) }
    }

    mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
        if isKey {
            _ = scratch.append(bytes, range, limit: 32)
        } else if rule == .all || isReadable {
            if start.count < 5 { _ = start.append(bytes, range, limit: 5) }
            pending &+= bytes.scalars(in: range)
            if counter != nil, !isFile { counter?.take(bytes, range) }
        }
    }

    mutating func escaped(_ scalar: UInt32) {
        if isKey {
            scratch.append(scalar: scalar)
        } else if rule == .all || isReadable {
            pending &+= 1
            if counter != nil, !isFile { counter?.take(scalar: scalar) }
        }
    }

    mutating func endKey() {
        let outer = rules.last ?? .byName
        guard outer == .byName else {
            rule = outer == .all && Self.never.contains(scratch) ? .none : outer
            return
        }
        isReadable = Self.readable.contains(scratch)
        isArguments = Self.arguments.contains(scratch)
        rule = Self.never.contains(scratch) ? .none : (Self.whole.contains(scratch) ? .all : .byName)
    }

    mutating func endValue() {
        if rule != .none, rule == .all || isReadable, !isFile {
            characters &+= pending
            counter?.endText()
        } else if counter != nil {
            counter = counterBefore
        }
    }

    /// An inline file is no text, wherever it stands.
    private var isFile: Bool { start.elementsEqual("data:".utf8) }
}

/// A fixed set of member names that is asked by bytes, once per member of a body; at most 64.
struct KeySet: Sendable {
    private struct Entry {
        let key: [UInt8]
        let number: Int
    }

    private let buckets: [[Entry]]

    init(_ keys: [String]) {
        precondition(keys.count <= 64, "a set of keys holds at most 64")
        var buckets = [[Entry]](repeating: [], count: 64)
        for (number, key) in keys.map({ Array($0.utf8) }).enumerated() {
            buckets[Self.bucket(key)].append(Entry(key: key, number: number))
        }
        self.buckets = buckets
    }

    func contains(_ key: [UInt8]) -> Bool {
        number(of: key) != nil
    }

    /// The place of `key` in the list the set was made of.
    func number(of key: [UInt8]) -> Int? {
        buckets[Self.bucket(key)].first { $0.key == key }?.number
    }

    private static func bucket(_ key: [UInt8]) -> Int {
        (key.count &* 7 &+ Int(key.first ?? 0) &* 3 &+ Int(key.last ?? 0)) & 63
    }
}
