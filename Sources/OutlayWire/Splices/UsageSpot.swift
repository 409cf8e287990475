/// Finds the usage in one event of an OpenAI chat stream.
struct UsageSpot: JSONSink {
    enum Outcome: Hashable {
        case keep
        case drop
        case cut(Range<Int>)
    }

    private var depth = 0
    private var key: [UInt8] = []
    private var isKey = false
    private var keyStart = 0
    /// Where the usage member being read begins, and where a whole one is.
    private var usageStart: Int?
    private var usage: Range<Int>?
    private var isUsageReported = false
    private var hasMemberBefore = false
    private var isInChoices = false
    private var hasChoices = false
    private var choices = 0

    private static let data = Array("data:".utf8)

    static func outcome(of event: [UInt8]) -> Outcome {
        // The bytes of an array of bytes hold no padding.
        let bytes = unsafe event.span.bytes
        guard let payload = payload(of: bytes) else { return .keep }
        var spot = UsageSpot()
        var scanner = JSONScanner()
        scanner.scan(bytes, payload, into: &spot)
        guard scanner.isDone, let usage = spot.usage else { return .keep }
        if spot.isUsageReported, spot.hasChoices, spot.choices == 0 { return .drop }
        return .cut(spot.member(around: usage, in: event))
    }

    /// Where the event's data is; `nil` unless it is on one line.
    private static func payload(of event: RawSpan) -> Range<Int>? {
        var found: Range<Int>?
        var start = 0
        while start < event.byteCount {
            let end = event.index(of: 0x0A, or: 0x0D, in: start..<event.byteCount)
            if isData(event, start..<end) {
                if found != nil { return nil }
                found = (start + data.count)..<end
            }
            start = end + 1
        }
        return found
    }

    private static func isData(_ event: RawSpan, _ line: Range<Int>) -> Bool {
        guard line.count >= data.count else { return false }
        return data.indices.allSatisfy { event[line.lowerBound + $0] == data[$0] }
    }

    /// The member with the comma that goes with it.
    private func member(around usage: Range<Int>, in event: [UInt8]) -> Range<Int> {
        var start = usage.lowerBound
        var end = usage.upperBound
        if hasMemberBefore {
            while start > 0, event[start] != UInt8(ascii: ",") { start -= 1 }
        } else {
            while end < event.count, event[end] != UInt8(ascii: ","), event[end] != UInt8(ascii: "}") { end += 1 }
            if end < event.count, event[end] == UInt8(ascii: ",") { end += 1 }
            while end < event.count, event[end] == 0x20 { end += 1 }
        }
        return start..<end
    }

    mutating func open(isObject: Bool, at index: Int) {
        if depth == 1 {
            isInChoices = !isObject && key.isEqual(to: "choices")
            if isInChoices { hasChoices = true }
            if usageStart != nil { isUsageReported = isObject }
        } else if depth == 2, isInChoices {
            choices += 1
        }
        depth += 1
    }

    mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int) {
        depth -= 1
        guard depth == 1 else { return }
        isInChoices = false
        endMember(at: index + 1)
    }

    mutating func beginString(isKey: Bool, at index: Int) {
        self.isKey = isKey && depth == 1
        guard self.isKey else { return }
        key.removeAll(keepingCapacity: true)
        keyStart = index
    }

    mutating func string(_ bytes: RawSpan, _ range: Range<Int>) {
        if isKey { _ = key.append(bytes, range, limit: 16) }
    }

    mutating func escaped(_ scalar: UInt32) {
        if isKey { key.append(scalar: scalar) }
    }

    mutating func endString(isKey: Bool, at index: Int) {
        guard depth == 1 else { return }
        guard isKey else { return endMember(at: index + 1) }
        if usage == nil, key.isEqual(to: "usage") {
            usageStart = keyStart
        } else if usage == nil {
            hasMemberBefore = true
        }
    }

    mutating func beginAtom(_ atom: JSONAtom, at index: Int) {}
    mutating func atom(_ bytes: RawSpan, _ range: Range<Int>) {}

    mutating func endAtom(_ atom: JSONAtom, at index: Int) {
        if depth == 1 { endMember(at: index) }
    }

    private mutating func endMember(at end: Int) {
        guard let start = usageStart else { return }
        usage = start..<end
        usageStart = nil
    }
}
