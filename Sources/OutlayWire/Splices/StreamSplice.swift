/// Takes the usage that was asked for on the client's behalf out of an OpenAI chat stream.
///
/// The chunk that holds nothing but usage goes, `usage` members of other chunks go, every other byte stays: the
/// client gets what it would have got without `include_usage`. An event is passed on as soon as it is whole.
package struct StreamSplice: Sendable {
    /// An event longer than this passes as it is; no usage chunk comes near it.
    package static let eventMax = 1024 * 1024

    /// The event in progress.
    private var event: [UInt8] = []
    private var isLineEmpty = true
    private var isAfterCR = false
    /// Whether an event too long to keep is passing.
    private var isPassing = false
    /// Whether the event that ended last was taken out.
    private var isDropped = false

    package init() {}

    /// Takes the next bytes of the stream and appends what the client gets of them.
    package mutating func write(_ bytes: RawSpan, into output: inout [UInt8]) {
        var start = 0
        var index = 0
        while index < bytes.byteCount {
            if !isLineEmpty, !isAfterCR {
                index = bytes.index(of: 0x0A, or: 0x0D, in: index..<bytes.byteCount)
                guard index < bytes.byteCount else { break }
            }
            let isRest = isAfterCR && bytes[index] == 0x0A && index == start && event.isEmpty && !isPassing
            let isEnd = endsEvent(bytes[index])
            index &+= 1
            if isRest {
                // The LF of the CRLF that ended the last event shares its fate.
                if !isDropped { output.append(0x0A) }
                start = index
            } else if isEnd {
                take(bytes, start..<index, into: &output)
                flush(into: &output)
                start = index
            }
        }
        take(bytes, start..<index, into: &output)
    }

    /// As ``write(_:into:)``, of an array.
    package mutating func write(_ bytes: [UInt8], into output: inout [UInt8]) {
        // The bytes of an array of bytes hold no padding.
        unsafe write(bytes.span.bytes, into: &output)
    }

    /// Appends what is left of an event that broke off.
    package mutating func finish(into output: inout [UInt8]) {
        flush(into: &output)
    }

    /// An empty line ends an event, at its CR where it has one.
    private mutating func endsEvent(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x0A where isAfterCR:
            isAfterCR = false
            return false
        case 0x0A, 0x0D:
            isAfterCR = byte == 0x0D
            defer { isLineEmpty = true }
            return isLineEmpty
        default:
            isAfterCR = false
            isLineEmpty = false
            return false
        }
    }

    private mutating func take(_ bytes: RawSpan, _ range: Range<Int>, into output: inout [UInt8]) {
        guard !range.isEmpty else { return }
        if !isPassing, event.count + range.count > Self.eventMax {
            output.append(contentsOf: event)
            event.removeAll(keepingCapacity: false)
            isPassing = true
        }
        if isPassing {
            _ = output.append(bytes, range, limit: .max)
        } else {
            _ = event.append(bytes, range, limit: .max)
        }
    }

    private mutating func flush(into output: inout [UInt8]) {
        defer {
            event.removeAll(keepingCapacity: true)
            isPassing = false
        }
        isDropped = false
        guard !event.isEmpty else { return }
        switch UsageSpot.outcome(of: event) {
        case .keep: output.append(contentsOf: event)
        case .drop: isDropped = true
        case .cut(let range):
            output.append(contentsOf: event[..<range.lowerBound])
            output.append(contentsOf: event[range.upperBound...])
        }
    }
}
