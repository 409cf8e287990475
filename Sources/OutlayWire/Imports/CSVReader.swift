/// Reads comma-separated values (RFC 4180) as the bytes come: quotes, line ends within them, any cut between chunks.
///
/// A file whose first line has no comma outside quotes may be separated by semicolons or tabs.
package struct CSVReader {
    package enum Problem: Error, Hashable {
        /// The text after a closing quote, or a quote that never closes; lines count from 1.
        case quote(line: Int)
        case tooLong(line: Int)
    }

    private enum State {
        case start, plain, quoted, quoteInQuoted, afterReturn
    }

    /// Longer fields and rows are no data of calls.
    private static let rowBytesMax = 4 << 20

    private var state = State.start
    private var separator: UInt8?
    private var field: [UInt8] = []
    private var row: [String] = []
    private var rowBytes = 0
    private var line = 1
    private var firstLine: [UInt8] = []
    private var isFirst = true

    package init() {}

    /// Reads more bytes; `take` gets each row that is complete.
    package mutating func read(_ bytes: some Sequence<UInt8>, _ take: ([String]) throws -> Void) throws {
        for byte in bytes {
            guard separator == nil else {
                try step(byte, take)
                continue
            }
            firstLine.append(byte)
            guard firstLine.count <= Self.rowBytesMax else { throw Problem.tooLong(line: 1) }
            if byte == Self.newline { try begin(take) }
        }
    }

    /// Ends the last row, which need not end with a line end.
    package mutating func finish(_ take: ([String]) throws -> Void) throws {
        if separator == nil { try begin(take) }
        switch state {
        case .quoted: throw Problem.quote(line: line)
        case .plain, .quoteInQuoted: try endRow(take)
        case .start where !row.isEmpty: try endRow(take)
        case .start, .afterReturn: break
        }
    }

    /// Knows the separator now, and reads the first line with it.
    private mutating func begin(_ take: ([String]) throws -> Void) throws {
        var bytes = firstLine[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var isQuoted = false
        var counts: [UInt8: Int] = [:]
        for byte in bytes {
            if byte == Self.quote { isQuoted.toggle() }
            if !isQuoted, Self.separators.contains(byte) { counts[byte, default: 0] += 1 }
        }
        separator = Self.separators.first { counts[$0] != nil } ?? Self.separators[0]
        firstLine = []
        for byte in bytes { try step(byte, take) }
    }

    private mutating func step(_ byte: UInt8, _ take: ([String]) throws -> Void) throws {
        rowBytes += 1
        guard rowBytes <= Self.rowBytesMax else { throw Problem.tooLong(line: line) }
        if state == .afterReturn {
            state = .start
            if byte == Self.newline { return }
        }
        if byte == Self.newline { line += 1 }
        switch (state, byte) {
        case (.quoted, Self.quote): state = .quoteInQuoted
        case (.quoted, _): field.append(byte)
        case (.quoteInQuoted, Self.quote):
            field.append(byte)
            state = .quoted
        case (.start, Self.quote): state = .quoted
        case (_, separator):
            endField()
            state = .start
        case (_, Self.newline), (_, Self.carriageReturn):
            try endRow(take)
            state = byte == Self.carriageReturn ? .afterReturn : .start
        case (.quoteInQuoted, _): throw Problem.quote(line: line)
        default:
            field.append(byte)
            state = .plain
        }
    }

    private mutating func endField() {
        row.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
    }

    /// An empty line is no row.
    private mutating func endRow(_ take: ([String]) throws -> Void) throws {
        let isBlank = row.isEmpty && field.isEmpty && state != .quoteInQuoted
        endField()
        defer {
            row.removeAll(keepingCapacity: true)
            rowBytes = 0
            state = .start
        }
        if !isBlank { try take(row) }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let newline: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
}
