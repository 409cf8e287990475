import OutlayWire
import Testing

/// RFC 4180, and what spreadsheets make of it.
@Suite struct CSVReaderTests {
    private func rows(_ chunks: [[UInt8]]) throws -> [[String]] {
        var reader = CSVReader()
        var rows: [[String]] = []
        for chunk in chunks { try reader.read(chunk) { rows.append($0) } }
        try reader.finish { rows.append($0) }
        return rows
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]), ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("\"a,1\",\"b\"\"c\"\n", [["a,1", "b\"c"]]), ("a\n\"x\ny\"\n", [["a"], ["x\ny"]]),
        ("a\n\"x\r\ny\"\r\nz", [["a"], ["x\r\ny"], ["z"]]), ("a;b,c\n1;2\n", [["a;b", "c"], ["1;2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]), ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n\n,\n1,\n", [["a", "b"], ["", ""], ["1", ""]]), ("a\n\"\"\n", [["a"], [""]]), ("", []),
        ("a,\"b\nc\"\n1,2\n", [["a", "b\nc"], ["1", "2"]]), ("é,b\n\"ü\",\n", [["é", "b"], ["ü", ""]]),
        ("a,b\n5\" pipe,x\n", [["a", "b"], ["5\" pipe", "x"]]),
    ])
    func `rows are the same however the bytes are cut`(text: String, expected: [[String]]) throws {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            #expect(try rows([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected)
        }
        #expect(try rows(bytes.map { [$0] }) == expected)
    }

    @Test(arguments: [("a\n\"open", CSVReader.Problem.quote(line: 2)), ("a\n\"x\"y\n", .quote(line: 2))])
    func `a quote that means nothing is named with its line`(text: String, problem: CSVReader.Problem) {
        #expect(throws: problem) { try rows([Array(text.utf8)]) }
    }

    @Test func `a row without an end is refused before it fills the memory`() {
        var reader = CSVReader()
        #expect(throws: CSVReader.Problem.tooLong(line: 1)) {
            for _ in 0..<10 { try reader.read([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)) { _ in } }
        }
    }
}
