/// A whole JSON text with the places of its values: for small objects that are read once.
///
/// Nothing is decoded before it is asked for; one pass and two allocations however many members.
package struct JSONDocument: Sendable {
    package enum Kind: Hashable, Sendable {
        case object, array, string, atom(JSONAtom)
    }

    fileprivate struct Node {
        var kind: Kind
        var start: Int
        var end: Int
        /// The node after this value and everything in it.
        var next: Int
        /// Whether the text between the quotes differs from the string's value.
        var isEscaped = false
    }

    package let bytes: [UInt8]
    fileprivate let nodes: [Node]

    /// Reads exactly one value and the whitespace around it.
    package init(_ bytes: [UInt8]) throws(JSONError) {
        var scanner = JSONScanner()
        var builder = Builder()
        bytes.scan(with: &scanner, into: &builder)
        scanner.finish(at: bytes.count, into: &builder)
        if let failure = scanner.failure { throw failure }
        guard scanner.isDone else { throw .incomplete }
        self.bytes = bytes
        self.nodes = builder.nodes
    }

    /// The top-level value.
    package var root: JSONView { JSONView(document: self, index: 0) }
}

/// One value inside a ``JSONDocument``.
package struct JSONView: Sendable {
    fileprivate let document: JSONDocument
    fileprivate let index: Int

    fileprivate var node: JSONDocument.Node { document.nodes[index] }

    package var kind: JSONDocument.Kind { node.kind }
    package var isNull: Bool { node.kind == .atom(.null) }

    /// The value exactly as it was written.
    package var text: ArraySlice<UInt8> { document.bytes[node.start..<node.end] }

    /// The value of a string, escapes resolved; `nil` for anything else.
    package var string: String? {
        guard node.kind == .string else { return nil }
        return document.string(at: index)
    }

    /// The text of a number as it was written; `nil` for anything else.
    package var number: String? {
        node.kind == .atom(.number) ? String(decoding: text, as: UTF8.self) : nil
    }

    /// The member called `key`; `nil` where there is none.
    ///
    /// The last one wins, as in every provider's parser.
    package subscript(key: String) -> JSONView? {
        document.member(key, of: index).map { JSONView(document: document, index: $0) }
    }

    /// The elements of an array, in order; empty for anything else.
    package var elements: [JSONView] {
        guard node.kind == .array else { return [] }
        var views: [JSONView] = []
        var position = index + 1
        while position < node.next {
            views.append(JSONView(document: document, index: position))
            position = document.nodes[position].next
        }
        return views
    }

    /// A number of one to nine plain digits; `nil` for anything else.
    var smallCount: Int64? { document.smallCount(at: index) }

    /// The members of an object, in order, repeated keys included; empty for anything else.
    package var members: [(key: String, value: JSONView)] {
        guard node.kind == .object else { return [] }
        var members: [(key: String, value: JSONView)] = []
        var position = index + 1
        while position < node.next {
            members.append((document.string(at: position), JSONView(document: document, index: position + 1)))
            position = document.nodes[position + 1].next
        }
        return members
    }
}

extension JSONDocument {
    fileprivate func string(at index: Int) -> String {
        let node = nodes[index]
        let text = bytes[(node.start + 1)..<(node.end - 1)]
        guard node.isEscaped else { return String(decoding: text, as: UTF8.self) }
        return String(decoding: JSONEscapes.resolved(Array(bytes[node.start..<node.end])), as: UTF8.self)
    }

    fileprivate func isString(at index: Int, equalTo key: Span<UInt8>) -> Bool {
        if nodes[index].isEscaped { return Self.isEqual(string(at: index).utf8.span, key) }
        let start = nodes[index].start &+ 1
        guard nodes[index].end &- 1 &- start == key.count else { return false }
        return Self.isEqual(bytes.span.extracting(start..<(start &+ key.count)), key)
    }

    private static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// The place of the last member called `key` of the object at `index`.
    fileprivate func member(_ key: String, of index: Int) -> Int? {
        guard nodes[index].kind == .object else { return nil }
        let key = key.utf8.span
        let end = nodes[index].next
        var found: Int?
        var position = index + 1
        while position < end {
            if isString(at: position, equalTo: key) { found = position + 1 }
            position = nodes[position + 1].next
        }
        return found
    }

    /// The place of the member called `key`, of the one called `outer` where it is given; `nil` where there is none or
    /// it is `null`.
    func place(of key: String, in outer: String? = nil) -> Int? {
        var parent = 0
        if let outer {
            guard let object = member(outer, of: 0) else { return nil }
            parent = object
        }
        return member(key, of: parent).flatMap { nodes[$0].kind == .atom(.null) ? nil : $0 }
    }

    /// The value at a place that ``place(of:in:)`` gave.
    func view(at place: Int) -> JSONView { JSONView(document: self, index: place) }

    /// A number of one to nine plain digits at `place`; `nil` for anything else.
    func smallCount(at place: Int) -> Int64? {
        let node = nodes[place]
        guard node.kind == .atom(.number), node.end - node.start <= 9 else { return nil }
        var value: Int64 = 0
        for index in node.start..<node.end {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// The value behind `path`; `nil` where there is none or it is `null`.
    func value(_ path: [String]) -> JSONView? {
        var index = 0
        for key in path {
            guard let next = member(key, of: index) else { return nil }
            index = next
        }
        return nodes[index].kind == .atom(.null) ? nil : JSONView(document: self, index: index)
    }

    /// Lays the values out in a row, each before what is in it.
    fileprivate struct Builder: JSONSink {
        var nodes: [Node] = []
        private var open: [Int] = []

        /// Most objects that are read this way have no more values and names.
        private static let nodesExpected = 32

        init() {
            nodes.reserveCapacity(Self.nodesExpected)
        }

        mutating func open(isObject: Bool, at index: Int) {
            open.append(nodes.count)
            nodes.append(Node(kind: isObject ? .object : .array, start: index, end: index, next: 0))
        }

        mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) {
            guard let opened = open.popLast() else { return }
            nodes[opened].end = index + 1
            nodes[opened].next = nodes.count
        }

        mutating func beginString(isKey: Bool, at index: Int) {
            nodes.append(Node(kind: .string, start: index, end: index, next: nodes.count + 1))
        }

        mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {}

        mutating func escaped(_ scalar: UInt32) {
            nodes[nodes.count - 1].isEscaped = true
        }

        mutating func endString(isKey: Bool, at index: Int) {
            nodes[nodes.count - 1].end = index + 1
        }

        mutating func beginAtom(_ atom: JSONAtom, at index: Int) {
            nodes.append(Node(kind: .atom(atom), start: index, end: index, next: nodes.count + 1))
        }

        mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {}

        mutating func endAtom(_ atom: JSONAtom, at index: Int) {
            nodes[nodes.count - 1].end = index
        }
    }
}

/// Resolves the escapes of one JSON string.
enum JSONEscapes {
    private struct Collector: JSONSink {
        var bytes: [UInt8] = []

        mutating func open(isObject: Bool, at index: Int) {}
        mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) {}
        mutating func beginString(isKey: Bool, at index: Int) {}
        mutating func endString(isKey: Bool, at index: Int) {}
        mutating func beginAtom(_ atom: JSONAtom, at index: Int) {}
        mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {}
        mutating func endAtom(_ atom: JSONAtom, at index: Int) {}

        mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
            _ = self.bytes.append(bytes, range, limit: .max)
        }

        mutating func escaped(_ scalar: UInt32) {
            bytes.append(scalar: scalar)
        }
    }

    /// The bytes `quoted` stands for, its quotes included in `quoted`.
    static func resolved(_ quoted: [UInt8]) -> [UInt8] {
        var scanner = JSONScanner()
        var collector = Collector()
        quoted.scan(with: &scanner, into: &collector)
        return collector.bytes
    }
}
