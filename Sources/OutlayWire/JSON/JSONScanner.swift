/// A strict JSON grammar over bytes that come in any pieces.
///
/// Holds a few words of state and no bytes, so a document of any size costs the same memory. Whitespace is
/// free, everything else is as RFC 8259 says. Never traps and never recurses; after a failure it stays failed.
package struct JSONScanner: Sendable {
    /// The most brackets that may be open at once.
    package static let depthMax = 64

    private enum State: UInt8 {
        case value, firstElement, firstKey, key, colon, separator, done
        case string, escape, unicode, number, literal, failed

        var isStructural: Bool { rawValue <= State.done.rawValue }
    }

    private enum NumberState: UInt8 {
        case minus, zero, whole, point, fraction, exponent, exponentSign, exponentDigits

        var isFinal: Bool { self == .zero || self == .whole || self == .fraction || self == .exponentDigits }
    }

    private var state = State.value
    private var numberState = NumberState.minus
    private var atom = JSONAtom.null
    private var isKey = false
    /// How many bytes of the literal, or digits of the escape, were seen.
    private var progress = 0
    private var unicode: UInt32 = 0
    private var highSurrogate: UInt32 = 0
    /// One bit per open bracket, the innermost lowest: 1 is an object.
    private var objects: UInt64 = 0
    private(set) var depth = 0
    private(set) var failure: JSONError?

    package init() {}

    /// Whether the top-level value is closed.
    package var isDone: Bool { state == .done || (state == .number && depth == 0 && numberState.isFinal) }

    /// Whether nothing but whitespace was seen.
    package var isUntouched: Bool { state == .value && depth == 0 }

    package var isFailed: Bool { state == .failed }

    /// Takes `bytes[range]`.
    mutating func scan(_ bytes: RawSpan, _ range: Range<Int>, into sink: inout some JSONSink) {
        var index = range.lowerBound
        let end = range.upperBound
        while index < end {
            switch state {
            case .string: index = scanString(bytes, index, end, &sink)
            case .escape: index = scanEscape(bytes, index, &sink)
            case .unicode: index = scanUnicode(bytes, index, &sink)
            case .number: index = scanNumber(bytes, index, end, &sink)
            case .literal: index = scanLiteral(bytes, index, end, &sink)
            case .failed: return
            default: index = scanStructure(bytes, index, end, &sink)
            }
        }
    }

    /// Ends a top-level number, which only the end of the bytes can end.
    mutating func finish(at index: Int, into sink: inout some JSONSink) {
        guard state == .number, depth == 0, numberState.isFinal else { return }
        state = .done
        sink.endAtom(.number, at: index)
    }

    private mutating func fail(_ error: JSONError) {
        failure = error
        state = .failed
    }
}

// MARK: - Structure

extension JSONScanner {
    private mutating func scanStructure(
        _ bytes: RawSpan,
        _ start: Int,
        _ end: Int,
        _ sink: inout some JSONSink
    ) -> Int {
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                index &+= 1
                continue
            }
            let isTaken = step(bytes, at: index, &sink)
            if isTaken { index &+= 1 }
            if !state.isStructural { return index }
        }
        return index
    }

    /// - Returns: Whether the byte is used up; the first byte of a number or literal is read again.
    @inline(__always)
    private mutating func step(_ bytes: RawSpan, at index: Int, _ sink: inout some JSONSink) -> Bool {
        let byte = bytes[index]
        switch state {
        case .colon where byte == UInt8(ascii: ":"):
            state = .value
        case .key where byte == UInt8(ascii: "\""), .firstKey where byte == UInt8(ascii: "\""):
            beginString(isKey: true, at: index, &sink)
        case .separator where byte == UInt8(ascii: ","):
            state = objects & 1 == 1 ? .key : .value
        case .separator where byte == UInt8(ascii: "}") && objects & 1 == 1, .firstKey where byte == UInt8(ascii: "}"):
            close(isObject: true, in: bytes, at: index, &sink)
        case .separator where byte == UInt8(ascii: "]") && objects & 1 == 0,
            .firstElement where byte == UInt8(ascii: "]"):
            close(isObject: false, in: bytes, at: index, &sink)
        case .value, .firstElement:
            return beginValue(byte, at: index, &sink)
        default:
            fail(.syntax(at: index))
        }
        return true
    }

    private mutating func beginValue(_ byte: UInt8, at index: Int, _ sink: inout some JSONSink) -> Bool {
        switch byte {
        case UInt8(ascii: "\""): beginString(isKey: false, at: index, &sink)
        case UInt8(ascii: "{"): open(isObject: true, at: index, &sink)
        case UInt8(ascii: "["): open(isObject: false, at: index, &sink)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return beginNumber(byte, at: index, &sink)
        case UInt8(ascii: "t"): beginLiteral(.true, at: index, &sink)
        case UInt8(ascii: "f"): beginLiteral(.false, at: index, &sink)
        case UInt8(ascii: "n"): beginLiteral(.null, at: index, &sink)
        default: fail(.syntax(at: index))
        }
        return state != .literal
    }

    private mutating func open(isObject: Bool, at index: Int, _ sink: inout some JSONSink) {
        guard depth < Self.depthMax else { return fail(.tooDeep) }
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
        state = isObject ? .firstKey : .firstElement
        sink.open(isObject: isObject, at: index)
    }

    private mutating func close(
        isObject: Bool,
        in bytes: RawSpan,
        at index: Int,
        _ sink: inout some JSONSink
    ) {
        depth -= 1
        objects >>= 1
        state = depth == 0 ? .done : .separator
        sink.close(isObject: isObject, in: bytes, at: index)
    }

    private mutating func valueEnded() {
        state = depth == 0 ? .done : .separator
    }
}

// MARK: - Strings

extension JSONScanner {
    private mutating func beginString(isKey: Bool, at index: Int, _ sink: inout some JSONSink) {
        self.isKey = isKey
        state = .string
        sink.beginString(isKey: isKey, at: index)
    }

    private mutating func scanString(
        _ bytes: RawSpan,
        _ start: Int,
        _ end: Int,
        _ sink: inout some JSONSink
    ) -> Int {
        let index = bytes.indexOfStringBreak(in: start..<end)
        if index > start {
            flushSurrogate(&sink)
            sink.string(bytes, start..<index)
        }
        guard index < end else { return end }
        switch bytes[index] {
        case UInt8(ascii: "\""):
            flushSurrogate(&sink)
            if isKey { state = .colon } else { valueEnded() }
            sink.endString(isKey: isKey, at: index)
        case UInt8(ascii: "\\"):
            state = .escape
        default:
            fail(.syntax(at: index))
        }
        return index + 1
    }

    private mutating func scanEscape(_ bytes: RawSpan, _ index: Int, _ sink: inout some JSONSink) -> Int {
        let scalar: UInt32
        switch bytes[index] {
        case UInt8(ascii: "\""): scalar = 0x22
        case UInt8(ascii: "\\"): scalar = 0x5C
        case UInt8(ascii: "/"): scalar = 0x2F
        case UInt8(ascii: "b"): scalar = 0x08
        case UInt8(ascii: "f"): scalar = 0x0C
        case UInt8(ascii: "n"): scalar = 0x0A
        case UInt8(ascii: "r"): scalar = 0x0D
        case UInt8(ascii: "t"): scalar = 0x09
        case UInt8(ascii: "u"):
            state = .unicode
            progress = 0
            unicode = 0
            return index + 1
        default:
            fail(.syntax(at: index))
            return index + 1
        }
        flushSurrogate(&sink)
        state = .string
        sink.escaped(scalar)
        return index + 1
    }

    private mutating func scanUnicode(_ bytes: RawSpan, _ index: Int, _ sink: inout some JSONSink) -> Int {
        guard let digit = Self.hexDigit(bytes[index]) else {
            fail(.syntax(at: index))
            return index + 1
        }
        unicode = unicode << 4 | digit
        progress += 1
        guard progress == 4 else { return index + 1 }
        state = .string
        switch unicode {
        case 0xD800...0xDBFF:
            flushSurrogate(&sink)
            highSurrogate = unicode
        case 0xDC00...0xDFFF where highSurrogate != 0:
            sink.escaped(0x10000 + (highSurrogate - 0xD800) << 10 + (unicode - 0xDC00))
            highSurrogate = 0
        case 0xDC00...0xDFFF:
            sink.escaped(0xFFFD)
        default:
            flushSurrogate(&sink)
            sink.escaped(unicode)
        }
        return index + 1
    }

    /// A high surrogate that nothing follows is one replacement character.
    @inline(__always)
    private mutating func flushSurrogate(_ sink: inout some JSONSink) {
        guard highSurrogate != 0 else { return }
        highSurrogate = 0
        sink.escaped(0xFFFD)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

// MARK: - Numbers and literals

extension JSONScanner {
    private mutating func beginNumber(_ byte: UInt8, at index: Int, _ sink: inout some JSONSink) -> Bool {
        state = .number
        atom = .number
        switch byte {
        case UInt8(ascii: "-"): numberState = .minus
        case UInt8(ascii: "0"): numberState = .zero
        default: numberState = .whole
        }
        progress = 0
        sink.beginAtom(.number, at: index)
        return false
    }

    private mutating func scanNumber(
        _ bytes: RawSpan,
        _ start: Int,
        _ end: Int,
        _ sink: inout some JSONSink
    ) -> Int {
        var index = start
        if progress == 0 {
            progress = 1
            index &+= 1
        }
        while index < end, let next = Self.numberState(after: numberState, bytes[index]) {
            numberState = next
            index &+= 1
        }
        if index > start { sink.atom(bytes, start..<index) }
        guard index < end else { return end }
        guard numberState.isFinal else {
            fail(.syntax(at: index))
            return index
        }
        valueEnded()
        sink.endAtom(.number, at: index)
        return index
    }

    private static func numberState(after state: NumberState, _ byte: UInt8) -> NumberState? {
        switch (state, byte) {
        case (.minus, UInt8(ascii: "0")): .zero
        case (.minus, UInt8(ascii: "1")...UInt8(ascii: "9")): .whole
        case (.whole, UInt8(ascii: "0")...UInt8(ascii: "9")): .whole
        case (.zero, UInt8(ascii: ".")), (.whole, UInt8(ascii: ".")): .point
        case (.point, UInt8(ascii: "0")...UInt8(ascii: "9")): .fraction
        case (.fraction, UInt8(ascii: "0")...UInt8(ascii: "9")): .fraction
        case (.zero, UInt8(ascii: "e")), (.whole, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "e")): .exponent
        case (.zero, UInt8(ascii: "E")), (.whole, UInt8(ascii: "E")), (.fraction, UInt8(ascii: "E")): .exponent
        case (.exponent, UInt8(ascii: "+")), (.exponent, UInt8(ascii: "-")): .exponentSign
        case (.exponent, UInt8(ascii: "0")...UInt8(ascii: "9")): .exponentDigits
        case (.exponentSign, UInt8(ascii: "0")...UInt8(ascii: "9")): .exponentDigits
        case (.exponentDigits, UInt8(ascii: "0")...UInt8(ascii: "9")): .exponentDigits
        default: nil
        }
    }

    private mutating func beginLiteral(_ literal: JSONAtom, at index: Int, _ sink: inout some JSONSink) {
        state = .literal
        atom = literal
        progress = 0
        sink.beginAtom(literal, at: index)
    }

    private mutating func scanLiteral(
        _ bytes: RawSpan,
        _ start: Int,
        _ end: Int,
        _ sink: inout some JSONSink
    ) -> Int {
        let count = atom == .false ? 5 : 4
        var index = start
        while index < end, progress < count {
            guard bytes[index] == Self.byte(progress, of: atom) else {
                fail(.syntax(at: index))
                return index
            }
            progress += 1
            index &+= 1
        }
        sink.atom(bytes, start..<index)
        if progress == count {
            valueEnded()
            sink.endAtom(atom, at: index)
        }
        return index
    }

    private static func byte(_ position: Int, of literal: JSONAtom) -> UInt8 {
        let letters: UInt64 =
            switch literal {
            case .true: 0x65_75_72_74
            case .false: 0x65_73_6C_61_66
            default: 0x6C_6C_75_6E
            }
        return UInt8(truncatingIfNeeded: letters >> (UInt64(position) * 8))
    }
}
