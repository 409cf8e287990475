/// The entries of one mapping, read by name; whatever nobody asked for is an unknown key.
final class Fields {
    /// What the mapping describes, for messages: `upstream 'openai'`.
    let subject: String
    let place: Place
    let log: DiagnosticLog
    private let entries: [ConfigNode.Entry]
    private var known: [String] = []

    /// - Returns: `nil`, with an error in `log`, when `node` is no mapping.
    init?(_ node: ConfigNode, _ kind: String, _ log: DiagnosticLog) {
        guard case .mapping(let entries) = node.content else {
            log.error("\(kind) must be a mapping (key: value), not \(node.kind)", at: node.place)
            return nil
        }
        self.entries = entries
        self.log = log
        place = node.place
        let title = entries.first { $0.key == "name" } ?? entries.first { $0.key == "model" }
        if case .text(let name) = title?.value.content {
            subject = "\(kind) '\(Self.shortened(name))'"
        } else {
            subject = kind
        }
    }

    /// The value of `key`, unless it is absent or nothing.
    func node(_ key: String) -> ConfigNode? {
        known.append(key)
        guard let value = entries.first(where: { $0.key == key })?.value else { return nil }
        if case .nothing = value.content { return nil }
        return value
    }

    /// Whether `key` is written, whatever its value.
    func has(_ key: String) -> Bool {
        entries.contains { $0.key == key }
    }

    /// Where `key` is written, or the mapping when it is not.
    func place(of key: String) -> Place {
        entries.first { $0.key == key }?.value.place ?? place
    }

    /// The text of `key`, read by `reading`; a value that cannot be read is reported.
    func value<Value>(_ key: String, _ reading: (String) throws(ValueProblem) -> Value) -> Value? {
        guard let node = node(key) else { return nil }
        guard case .text(let text) = node.content else {
            log.error("'\(key)' of \(subject) must be a single value, not \(node.kind)", at: node.place)
            return nil
        }
        return read(text, at: node.place, key, reading)
    }

    /// ``value(_:_:)`` that reports an absent key as well.
    func required<Value>(_ key: String, _ reading: (String) throws(ValueProblem) -> Value) -> Value? {
        if node(key) == nil { log.error("\(subject) needs '\(key)'", at: place) }
        return value(key, reading)
    }

    func text(_ key: String) -> String? {
        value(key, ValueText.name)
    }

    /// The texts of a list, with their places; a single text stands for a list of one.
    func texts(_ key: String) -> [(text: String, place: Place)] {
        guard let node = node(key) else { return [] }
        if case .text(let text) = node.content {
            return read(text, at: node.place, key, ValueText.name).map { [($0, node.place)] } ?? []
        }
        return list(node, "'\(key)' of \(subject)").compactMap { item in
            guard case .text(let text) = item.content else {
                log.error("'\(key)' of \(subject) must list single values, not \(item.kind)", at: item.place)
                return nil
            }
            return read(text, at: item.place, key, ValueText.name).map { ($0, item.place) }
        }
    }

    /// The entries of the mapping under `key`.
    func mapping(_ key: String) -> [ConfigNode.Entry] {
        guard let node = node(key) else { return [] }
        guard case .mapping(let entries) = node.content else {
            log.error("'\(key)' of \(subject) must be a mapping (key: value), not \(node.kind)", at: node.place)
            return []
        }
        return entries
    }

    /// The texts of the mapping under `key`.
    func textMapping(_ key: String) -> [(key: String, keyPlace: Place, text: String, place: Place)] {
        mapping(key).compactMap { entry in
            guard case .text(let text) = entry.value.content else {
                log.error("'\(entry.key)' in '\(key)' of \(subject) must be a single value", at: entry.value.place)
                return nil
            }
            return (entry.key, entry.keyPlace, text, entry.value.place)
        }
    }

    /// The items of the list `node`; `what` names it in the message when it is none.
    func list(_ node: ConfigNode, _ what: String) -> [ConfigNode] {
        if case .list(let items) = node.content { return items }
        log.error("\(what) must be a list ('- …'), not \(node.kind)", at: node.place)
        return []
    }

    func read<Value>(
        _ text: String,
        at place: Place,
        _ key: String,
        _ reading: (String) throws(ValueProblem) -> Value
    ) -> Value? {
        do {
            return try reading(text)
        } catch {
            let value = error.hidesValue ? "the value" : "'\(Self.shortened(text))'"
            log.error("'\(key)' of \(subject): \(value) \(error.message)", at: place)
            return nil
        }
    }

    /// Reports every key that was not asked for; the last thing done with a mapping.
    func finish() {
        for entry in entries where !known.contains(entry.key) {
            guard !log.isFull else { return }
            let ending = Suggestion.ending(for: entry.key, among: known, otherwise: "it can have \(knownKeys)")
            log.error("unknown key '\(Self.shortened(entry.key))' in \(subject)\(ending)", at: entry.keyPlace)
        }
    }

    private var knownKeys: String {
        var unique: [String] = []
        for key in known where !unique.contains(key) { unique.append(key) }
        return Suggestion.listing(unique)
    }

    /// Text for a message: at most 80 characters, so that a hostile file cannot flood a terminal.
    static func shortened(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(81)
        let line = start.map { $0.value < 0x20 || $0.value == 0x7f ? " " : String($0) }
        return line.count <= 80 ? line.joined() : line.prefix(77).joined() + "…"
    }
}
