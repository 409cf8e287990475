/// Splits a server-sent event stream into the documents of its events, without keeping a line.
///
/// LF, CR and CRLF end lines; comments, pings, unknown fields and a byte order mark pass; several `data` lines
/// are one document. The state is a few words, however long a line is.
struct EventStream: Sendable {
    /// What the bytes just passed mean for the document in progress.
    enum Piece: Hashable {
        /// More of the event's data.
        case data(Range<Int>)
        /// The event is over. `isDoneSign` says that its data was `[DONE]`.
        case eventEnd(name: UInt64, isDoneSign: Bool)
        /// The bytes are used up.
        case needsMore
    }

    private enum Place: UInt8 {
        case lineStart, field, space, data, eventName, ignored
    }

    /// The first eight letters of `text` as ``Piece/eventEnd(name:isDoneSign:)`` gives them.
    static func name(_ text: StaticString) -> UInt64 {
        "\(text)".utf8.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let dataField = name("data")
    private static let eventField = name("event")
    private static let doneSign = name("[DONE]")

    private var place = Place.lineStart
    private var isAfterCR = false
    /// How many bytes of the stream's byte order mark were seen; 3 when there can be none any more.
    private var mark = 0
    private var field: UInt64 = 0
    private var eventName: UInt64 = 0
    private var prefix: UInt64 = 0
    private var dataCount = 0
    private(set) var hasData = false

    /// Reads on at `index`, moving it behind what the returned piece covers.
    mutating func next(_ bytes: RawSpan, _ index: inout Int) -> Piece {
        let end = bytes.byteCount
        while index < end {
            if place == .data { return takeData(bytes, &index) }
            let byte = bytes[index]
            index &+= 1
            if isAfterCR, byte == 0x0A {
                isAfterCR = false
                continue
            }
            isAfterCR = false
            if mark < 3, isMark(byte) { continue }
            if byte == 0x0A || byte == 0x0D {
                isAfterCR = byte == 0x0D
                if endLine() { return takeEvent() }
            } else {
                take(byte)
                if place == .data { index &-= backstep(byte) }
            }
        }
        return .needsMore
    }

    /// Ends the event that the stream broke off in.
    mutating func finish() -> Piece {
        takeEvent()
    }

    private mutating func isMark(_ byte: UInt8) -> Bool {
        let expected: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard byte == expected[mark] else {
            mark = 3
            return false
        }
        mark += 1
        return true
    }

    /// - Returns: Whether the line was empty, which ends an event.
    private mutating func endLine() -> Bool {
        let isEmpty = place == .lineStart
        if place == .field, field == Self.dataField { hasData = true }
        place = .lineStart
        field = 0
        return isEmpty && (hasData || eventName != 0)
    }

    private mutating func take(_ byte: UInt8) {
        switch place {
        case .lineStart where byte == UInt8(ascii: ":"):
            place = .ignored
        case .lineStart:
            place = .field
            field = UInt64(byte)
        case .field where byte == UInt8(ascii: ":"):
            place = field == Self.dataField || field == Self.eventField ? .space : .ignored
            if field == Self.eventField { eventName = 0 }
            if field == Self.dataField { hasData = true }
        case .field:
            field = field >> 56 == 0 ? field << 8 | UInt64(byte) : .max
        case .space:
            place = field == Self.dataField ? .data : .eventName
            if place == .eventName, byte != UInt8(ascii: " ") { takeName(byte) }
        case .eventName:
            takeName(byte)
        case .data, .ignored:
            break
        }
    }

    private mutating func takeName(_ byte: UInt8) {
        if eventName >> 56 == 0 { eventName = eventName << 8 | UInt64(byte) }
    }

    /// One leading space belongs to the field, any other byte to the data.
    private func backstep(_ byte: UInt8) -> Int {
        byte == UInt8(ascii: " ") ? 0 : 1
    }

    private mutating func takeData(_ bytes: RawSpan, _ index: inout Int) -> Piece {
        let start = index
        let end = bytes.index(of: 0x0A, or: 0x0D, in: start..<bytes.byteCount)
        index = end
        if end < bytes.byteCount { place = .ignored }
        var position = start
        while position < end, dataCount < 8 {
            prefix = prefix << 8 | UInt64(bytes[position])
            dataCount += 1
            position &+= 1
        }
        return .data(start..<end)
    }

    private mutating func takeEvent() -> Piece {
        defer {
            eventName = 0
            prefix = 0
            dataCount = 0
            hasData = false
        }
        let isDone =
            prefix == Self.doneSign || (dataCount > 6 && prefix >> (8 * UInt64(dataCount - 6)) == Self.doneSign)
        return .eventEnd(name: eventName, isDoneSign: isDone)
    }
}
