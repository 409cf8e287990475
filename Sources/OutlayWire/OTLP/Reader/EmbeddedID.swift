/// Finds the top-level `id` of a JSON object and looks at nothing else.
private struct EmbeddedID: JSONSink {
    private static let limit = 256

    private var depth = 0
    private var isID = false
    private var isReading = false
    private var key: [UInt8] = []
    private var id: [UInt8] = []
    private(set) var found: [UInt8]?

    mutating func open(isObject: Bool, at index: Int) {
        depth += 1
        isID = false
    }

    mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) { depth -= 1 }

    mutating func beginString(isKey: Bool, at index: Int) {
        isReading = depth == 1 && (isKey || isID)
        if isKey { key.removeAll(keepingCapacity: true) }
    }

    mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
        guard isReading, found == nil else { return }
        let whole = isID ? id.append(bytes, range, limit: Self.limit) : key.append(bytes, range, limit: 3)
        if !whole { isReading = false }
    }

    mutating func escaped(_ scalar: UInt32) { isReading = false }

    mutating func endString(isKey: Bool, at index: Int) {
        if isKey {
            isID = depth == 1 && isReading && key.isEqual(to: "id")
        } else if isID {
            if isReading, found == nil, !id.isEmpty { found = id }
            isID = false
        }
    }

    mutating func beginAtom(_ atom: JSONAtom, at index: Int) { isID = false }
    mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {}
    mutating func endAtom(_ atom: JSONAtom, at index: Int) {}
}

extension AttributeSieve {
    /// The top-level `id` of the JSON text in ``scratch``; reads no further than it has to.
    ///
    /// The text may be cut off: what is behind the `id` does not matter.
    func scratchID() -> String? {
        var scanner = JSONScanner()
        var search = EmbeddedID()
        // The bytes of an array of bytes hold no padding.
        let bytes = unsafe scratch.span.bytes
        var index = 0
        while index < bytes.byteCount, search.found == nil, !scanner.isFailed {
            let end = min(index + 1024, bytes.byteCount)
            scanner.scan(bytes, index..<end, into: &search)
            index = end
        }
        return search.found.flatMap { String(validating: $0, as: UTF8.self) }
    }
}
