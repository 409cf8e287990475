internal import OutlayWire

/// Rows from the bytes of a file: a table, a JSON object per line, or a JSON list of objects.
struct RowReader {
    private enum Shape {
        case unknown, table, lines, list
    }

    private var shape = Shape.unknown
    private var table = CSVReader()
    private var header: [String] = []
    private var isHeaderNew = false
    /// The unfinished line, or the whole list so far.
    private var rest: [UInt8] = []
    private var line = 0

    mutating func read(_ bytes: [UInt8], listBytesMax: Int) throws -> [ImportRow] {
        rest += bytes
        if shape == .unknown { shape = Self.shape(of: rest) }
        switch shape {
        case .unknown: return []
        case .table:
            let bytes = rest
            rest = []
            return try rows { reader, take in try reader.read(bytes, take) }
        case .lines: return try lines()
        case .list:
            guard rest.count <= listBytesMax else {
                throw FileImport.Failure(description: "the list is too long: write one object per line")
            }
            return []
        }
    }

    mutating func finish() throws -> [ImportRow] {
        switch shape {
        case .unknown: return []
        case .table: return try rows { reader, take in try reader.finish(take) }
        case .lines:
            rest.append(UInt8(ascii: "\n"))
            return try lines()
        case .list:
            let value = try? JSONValue(rest)
            guard let elements = value?.array ?? value?["data"]?.array else {
                throw FileImport.Failure(description: "the file is neither a JSON list nor one object per line")
            }
            return try elements.enumerated().map { index, element in
                guard let row = ImportRow(element) else {
                    throw FileImport.Failure(description: "element \(index) of the list is no object")
                }
                return row
            }
        }
    }

    /// The columns of a table, once.
    mutating func takeHeader() -> [String]? {
        defer { isHeaderNew = false }
        return isHeaderNew ? header : nil
    }

    private static func shape(of bytes: [UInt8]) -> Shape {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        switch text.first(where: { $0 > 0x20 }) {
        case nil: return .unknown
        case UInt8(ascii: "["): return .list
        case UInt8(ascii: "{"): return .lines
        default: return .table
        }
    }

    private mutating func rows(
        _ read: (_ reader: inout CSVReader, _ take: ([String]) throws -> Void) throws -> Void
    ) throws -> [ImportRow] {
        var found: [[String]] = []
        do {
            try read(&table) { found.append($0) }
        } catch let problem as CSVReader.Problem {
            throw FileImport.Failure(description: Self.sentence(for: problem))
        }
        if header.isEmpty, let first = found.first {
            header = first
            isHeaderNew = true
            found.removeFirst()
        }
        return found.map { ImportRow(header: header, values: $0) }
    }

    private mutating func lines() throws -> [ImportRow] {
        var rows: [ImportRow] = []
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let text = rest[start..<end]
            start = end + 1
            line += 1
            guard text.contains(where: { $0 > 0x20 }) else { continue }
            guard let row = (try? JSONValue(Array(text))).flatMap({ ImportRow($0) }) else {
                throw FileImport.Failure(
                    description: "line \(line) is no JSON object: write one object per line, or a list"
                )
            }
            rows.append(row)
        }
        rest = Array(rest[start...])
        return rows
    }

    private static func sentence(for problem: CSVReader.Problem) -> String {
        switch problem {
        case .quote(let line): "line \(line) has a quote that does not close, or text behind one that did"
        case .tooLong(let line): "line \(line) is longer than any row of calls"
        }
    }
}
