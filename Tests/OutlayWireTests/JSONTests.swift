import OutlayCore
import OutlayWire
import Testing

@Suite struct JSONTests {
    @Test func `a value keeps its order, its numbers as text and its repeated keys`() throws {
        let text = #"{"b":0.10,"a":[true,null,-1e5,"x"],"b":2}"#
        let value = try JSONValue(Array(text.utf8))
        #expect(value.text == text)
        #expect(value["b"]?.int == 2)
        #expect(value.members?.first?.value.dollars == Money(dollars: "0.1"))
        #expect(value.duplicateKeys == ["b"])
        #expect(value["a"]?[2] == .number("-1e5"))
    }

    @Test(arguments: [
        (#""\u00e9\uD83D\uDE00\n\/\"""#, "é😀\n/\""), (#""\ud800x""#, "\u{FFFD}x"), (#""\udc00""#, "\u{FFFD}"),
        (#""\ud800\ud800""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\n""#, "\u{FFFD}\n"), ("\"\u{7F}\"", "\u{7F}"),
    ])
    func `escapes are resolved, lone surrogates replaced`(_ string: (written: String, value: String)) throws {
        let value = try JSONValue(Array(string.written.utf8))
        #expect(value.string == string.value)
        #expect(try JSONValue(value.bytes) == value)
    }

    @Test(arguments: [
        "01", "1.", ".5", "+1", "1e", "-", "tru", "nulll", "[1,]", "{\"a\"}", "{\"a\":1,}", "\"\n\"", "\"\\x\"",
        "\"\\u12g4\"",
        "[1 2]", "{1:2}", "]", "1 1", "\"", "[", "", " ", "NaN", "'a'", "{\"a\":1]", "[1}", "// x\n1",
    ])
    func `what RFC 8259 forbids is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(Array(text.utf8)) }
    }

    @Test(arguments: ["0", "-0", "1.5E-3", " [ ] ", "{ }", "\"\"", "[[],{}]", "\t\r\n1\n", "1e400", "true", "null"])
    func `what RFC 8259 allows is read`(_ text: String) throws {
        _ = try JSONValue(Array(text.utf8))
    }

    @Test func `64 brackets may be open, not 65`() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try JSONValue(Array(deep.utf8))
        #expect(throws: JSONError.tooDeep) { try JSONValue(Array("[\(deep)]".utf8)) }
    }

    @Test func `a writer escapes what must be escaped`() throws {
        var writer = JSONWriter()
        writer.object {
            $0.member("a\"b", "\u{1}\u{7F}\\\r\t é")
            $0.key("n")
            $0.array {
                $0.int(1)
                $0.bool(false)
                $0.null()
            }
        }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == #"{"a\"b":"\u0001\u007f\\\r\t é","n":[1,false,null]}"#)
    }
}
