/// Cuts a body of events into records without reading them: one object, an array, `{"events": […]}`, or one per line.
///
/// Holds the places of the records only, so that a hostile body costs no more memory than it has bytes.
struct RecordSplit {
    /// Where each record stands, brackets included.
    private(set) var records: [Range<Int>] = []
    /// Why the body as a whole is none; nothing of it counts then.
    private(set) var problem: String?

    /// - Parameter countMax: more records than this are a problem of the body.
    init(_ bytes: [UInt8], countMax: Int) {
        var start = 0
        while problem == nil {
            while start < bytes.count, Self.isSpace(bytes[start]) { start += 1 }
            guard start < bytes.count else { break }
            var scanner = JSONScanner()
            var sink = Sink(countMax: countMax - records.count)
            bytes.scan(from: start, with: &scanner, into: &sink)
            guard let end = sink.end else {
                problem = Self.sentence(for: scanner.failure ?? .incomplete, first: start)
                break
            }
            problem = sink.problem
            records += sink.records
            start = end
        }
        if records.count > countMax, problem == nil { problem = "More than \(countMax) events: send them in parts." }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func sentence(for failure: JSONError, first: Int) -> String {
        switch failure {
        case .syntax(let index): "The body is not JSON at byte \(index)."
        case .tooDeep: "The body is nested deeper than \(JSONScanner.depthMax) levels."
        case .incomplete: "The body ends inside the JSON that begins at byte \(first)."
        }
    }
}

extension RecordSplit {
    /// Finds the records of one top-level value and its end.
    private struct Sink: JSONSink {
        let countMax: Int
        var records: [Range<Int>] = []
        var end: Int?
        var problem: String?
        private var depth = 0
        private var start = 0
        private var isWrapped = false
        private var isList = false
        private var key: [UInt8] = []
        private var isReadingKey = false
        private var isOtherKey = false
        private var itemStart = 0

        private static let wrapper = Array("events".utf8)

        init(countMax: Int) {
            self.countMax = countMax
        }

        /// At which depth the records stand: 0 alone, 1 in a list, 2 in the list of a wrapper.
        private var level: Int { isWrapped ? 2 : isList ? 1 : 0 }

        mutating func open(isObject: Bool, at index: Int) {
            if depth == 0 {
                start = index
                isList = !isObject
            } else if depth == 1, !isList, !isObject, key == Self.wrapper {
                isWrapped = true
            } else if depth == level {
                itemStart = index
            }
            depth += 1
        }

        mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) {
            depth -= 1
            if depth == level, level > 0 { add(itemStart..<index + 1) }
            guard depth == 0 else { return }
            end = index + 1
            if level == 0 { add(start..<index + 1) }
            if isWrapped, isOtherKey { problem = "Beside 'events' the body has members that mean nothing there." }
        }

        mutating func beginString(isKey: Bool, at index: Int) {
            isReadingKey = isKey && depth == 1 && !isList
            if isReadingKey { key = [] }
            if !isKey, depth == level, level > 0 { itemStart = index }
        }

        mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
            guard isReadingKey else { return }
            for index in range where key.count <= Self.wrapper.count { key.append(bytes[index]) }
        }

        mutating func escaped(_ scalar: UInt32) {
            if isReadingKey { key.append(0) }
        }

        mutating func endString(isKey: Bool, at index: Int) {
            if isReadingKey, key != Self.wrapper { isOtherKey = true }
            isReadingKey = false
            if !isKey, depth == level, level > 0 { add(itemStart..<index + 1) }
        }

        mutating func beginAtom(_ atom: JSONAtom, at index: Int) {
            if depth == level, level > 0 { itemStart = index }
        }

        mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {}

        mutating func endAtom(_ atom: JSONAtom, at index: Int) {
            if depth == level, level > 0 { add(itemStart..<index) }
        }

        /// One more than may be is kept, to tell that there are too many.
        private mutating func add(_ range: Range<Int>) {
            if records.count <= countMax { records.append(range) }
        }
    }
}
