/// Counts the tokens of a text that passes in pieces of any size; the text itself is not kept.
///
/// Words are told apart by bytes, close to what the published patterns do: letters with the one space or sign before
/// them, three digits, signs, white space. Every byte beyond ASCII counts as a letter.
struct TokenCounter: Sendable {
    /// The most bytes that are looked at, about 30 ms of the worst text; what is beyond counts in proportion.
    static let bytesMax = 256 * 1024

    private enum Kind: Sendable {
        case none, letters, digits, signs, signsAndLines, space
    }

    private enum Class {
        case letter, digit, line, space, blank, sign
    }

    let tokenizer: Tokenizer
    private var tokens: Int64 = 0
    private var seen = 0
    private var beyond = 0
    private var word: [UInt8] = []
    private var kind = Kind.none

    init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
    }

    /// The tokens so far, the word in progress counted as it stands.
    var count: Int64 {
        let known = tokens + tokenizer.count(word)
        guard beyond > 0, seen > 0 else { return known }
        let (product, isTooMuch) = known.multipliedReportingOverflow(by: Int64(beyond))
        return isTooMuch ? known : known + product / Int64(seen)
    }

    mutating func take(_ bytes: RawSpan, _ range: Range<Int>) {
        for index in range {
            guard seen < Self.bytesMax else {
                beyond += range.upperBound - index
                return
            }
            take(bytes[index])
        }
    }

    mutating func take(scalar: UInt32) {
        var bytes: [UInt8] = []
        bytes.append(scalar: scalar)
        for byte in bytes { take(byte) }
    }

    /// Ends a text that the next one does not go on.
    mutating func endText() {
        tokens += tokenizer.count(word)
        word.removeAll(keepingCapacity: true)
        kind = .none
    }

    private mutating func take(_ byte: UInt8) {
        guard seen < Self.bytesMax else {
            beyond += 1
            return
        }
        seen += 1
        let type = Self.type(of: byte)
        if word.count >= Tokenizer.pieceMax || !goesOn(with: type) {
            if kind == .space, type != .line { splitSpace(before: type) } else { endText() }
        }
        if kind == .none || word.isEmpty { kind = Self.kind(beginningWith: type) }
        if kind == .signs, type == .letter { kind = .letters }
        if kind == .signs, type == .line { kind = .signsAndLines }
        word.append(byte)
    }

    /// Whether a byte of this class belongs to the word in progress.
    private func goesOn(with type: Class) -> Bool {
        switch kind {
        case .none: true
        case .letters: type == .letter
        case .digits: type == .digit && word.count < 3
        // One sign before letters is theirs.
        case .signs: type == .sign || type == .line || (type == .letter && word.count == 1)
        case .signsAndLines: type == .line
        case .space: type == .line || ((type == .space || type == .blank) && word.last.map(Self.type) != .line)
        }
    }

    /// The last space before a word is the word's.
    private mutating func splitSpace(before type: Class) {
        let last = word.last
        let isOurs =
            last.map { Self.type(of: $0) == .space || (type == .letter && Self.type(of: $0) == .blank) } ?? false
        guard let last, isOurs, type == .letter || type == .sign else { return endText() }
        word.removeLast()
        endText()
        word.append(last)
        kind = type == .letter ? .letters : .signs
    }

    private static func kind(beginningWith type: Class) -> Kind {
        switch type {
        case .letter: .letters
        case .digit: .digits
        case .sign: .signs
        case .line, .space, .blank: .space
        }
    }

    private static func type(of byte: UInt8) -> Class {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case 0x0A, 0x0D: .line
        case 0x20: .space
        case 0x09, 0x0B, 0x0C: .blank
        default: .sign
        }
    }
}
