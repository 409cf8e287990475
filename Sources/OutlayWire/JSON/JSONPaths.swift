/// What to do with the value at one path of a document.
enum Pick: Hashable, Sendable {
    /// Keep the text of a string or number.
    case text(TextSlot)
    /// Keep the bytes of an object that holds at least one number.
    case raw(RawSlot)
    /// Count the characters of a string, or of every string inside a container.
    case characters
    /// Remember that it was there and neither `null` nor `false`.
    case mark(Mark)
    /// Count how often a value occurs here.
    case tally(Tally)
    /// An output item of the Responses API: counted by its type when it closes.
    case item
    /// A declared tool: looked at when it closes.
    case tool
}

/// Short texts of a body that are kept, the last one that is not empty.
enum TextSlot: Int, CaseIterable, Sendable {
    case id, model, tier, traffic, type, status
    case itemType, itemAction, itemContainer, toolType, toolModel, imageModel
    case duration, eventName, customID
}

/// Objects of a body whose bytes are kept.
enum RawSlot: Int, CaseIterable, Sendable {
    /// The usage object; the last one wins.
    case usage
    /// Usage in a second place, used when the first is missing (`x_groq`, `meta`, metrics).
    case fallback
    /// The usage a stream starts with (Anthropic).
    case start
    /// Usage of tools beside the usage object.
    case tools
}

/// What was seen somewhere in an answer.
struct Mark: OptionSet, Hashable, Sendable {
    let rawValue: UInt16
    static let error = Mark(rawValue: 1)
    /// The answer says why it ended; the usage it has by then is final.
    static let finished = Mark(rawValue: 2)
    /// The stream's own end sign.
    static let done = Mark(rawValue: 4)
    /// The answer is grounded by a search.
    static let grounded = Mark(rawValue: 8)
    /// A document was no JSON, too deep or too large to keep.
    static let malformed = Mark(rawValue: 16)
    static let mapsGrounded = Mark(rawValue: 32)
    /// The declared search tool is the preview one.
    static let previewSearch = Mark(rawValue: 64)
}

/// What is counted across an answer.
enum Tally: Int, CaseIterable, Sendable {
    case webSearch, fileSearch, streamedWebSearch, streamedFileSearch, query
}

/// The paths of a document that matter, as a tree of keys.
///
/// Arrays are transparent: `choices.delta.content` is `choices[*].delta.content`.
struct JSONPaths: Sendable {
    private struct Node {
        /// The first eight bytes of the key and how long it is: what tells most keys apart.
        var prefix: UInt64 = 0
        var count = 0
        /// Where the key is in ``keys``.
        var start = 0
        var pick: Pick?
        var firstChild = JSONPaths.none
        var nextSibling = JSONPaths.none
    }

    static let root = 0
    static let none = -1

    private var nodes = [Node()]
    /// The keys of all nodes, one behind the other.
    private var keys: [UInt8] = []

    init(_ picks: [String: Pick]) {
        for (path, pick) in picks.sorted(by: { $0.key < $1.key }) {
            var node = Self.root
            for key in path.split(separator: ".") where !key.isEmpty {
                node = child(of: node, adding: Array(key.utf8))
            }
            nodes[node].pick = pick
        }
    }

    @inline(__always)
    func pick(_ node: Int) -> Pick? { nodes[node].pick }

    @inline(__always)
    func hasChildren(_ node: Int) -> Bool { nodes[node].firstChild != Self.none }

    func child(of node: Int, _ key: [UInt8]) -> Int {
        let prefix = Self.prefix(key)
        var child = nodes[node].firstChild
        while child != Self.none {
            if nodes[child].prefix == prefix, nodes[child].count == key.count, isTail(of: child, key) { return child }
            child = nodes[child].nextSibling
        }
        return Self.none
    }

    /// Whether what is behind the first eight bytes is the same too.
    private func isTail(of node: Int, _ key: [UInt8]) -> Bool {
        var index = 8
        while index < key.count {
            if keys[nodes[node].start + index] != key[index] { return false }
            index += 1
        }
        return true
    }

    private static func prefix(_ key: [UInt8]) -> UInt64 {
        var prefix: UInt64 = 0
        for byte in key.prefix(8) { prefix = prefix << 8 | UInt64(byte) }
        return prefix
    }

    private mutating func child(of node: Int, adding key: [UInt8]) -> Int {
        let known = child(of: node, key)
        guard known == Self.none else { return known }
        let added = Node(
            prefix: Self.prefix(key),
            count: key.count,
            start: keys.count,
            nextSibling: nodes[node].firstChild
        )
        nodes.append(added)
        keys += key
        nodes[node].firstChild = nodes.count - 1
        return nodes.count - 1
    }
}
