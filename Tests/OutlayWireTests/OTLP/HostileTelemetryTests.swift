import OutlayCore
import OutlayWire
import Testing

/// Bytes that no exporter sends: they are refused with a reason, never a trap, never much memory.
@Suite struct HostileTelemetryTests {
    // MARK: - Writing protobuf by hand

    private func varint(_ value: UInt64) -> [UInt8] {
        var (rest, bytes): (UInt64, [UInt8]) = (value, [])
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(truncatingIfNeeded: rest)]
    }

    private func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }

    private var ids: [UInt8] { field(1, Array(repeating: 7, count: 16)) + field(2, Array(repeating: 9, count: 8)) }

    /// A request of one span made of these fields.
    private func request(span: [UInt8]) -> [UInt8] { field(1, field(2, field(2, span))) }

    private func failure(_ bytes: [UInt8], _ encoding: TelemetryEncoding = .protobuf) -> TelemetryReadError? {
        var sink = CountingSink()
        do throws(TelemetryReadError) {
            try TelemetryReader(encoding: encoding, interest: .all).read(bytes, signal: .traces, into: &sink)
            return nil
        } catch {
            return error
        }
    }

    private func flaw(_ bytes: [UInt8], _ encoding: TelemetryEncoding = .protobuf) -> TelemetryReadError.Flaw? {
        guard case .malformed(_, let flaw) = failure(bytes, encoding) else { return nil }
        return flaw
    }

    // MARK: - Protobuf

    @Test func `what is no protobuf is refused with its reason`() {
        #expect(flaw([]) == nil)
        #expect(flaw([0x0A]) == .truncated)
        #expect(flaw([0x0A, 5, 1]) == .truncated)
        #expect(flaw(varint(1 << 3 | 2) + varint(.max)) == .truncated)
        #expect(flaw([0x09, 1, 2, 3]) == .truncated)
        #expect(flaw([0x0B]) == .group)
        #expect(flaw([0x0C]) == .group)
        #expect(flaw([0x0E, 0]) == .tag)
        #expect(flaw([0x02, 0]) == .tag)
        #expect(flaw(varint(1 << 40)) == .tag)
        #expect(flaw(Array(repeating: 0xFF, count: 10)) == .varint)
        #expect(flaw(Array(repeating: 0x80, count: 40)) == .varint)
        #expect(flaw([0x10] + Array(repeating: 0xFF, count: 9) + [2]) == .varint)
        #expect(flaw([0x10] + Array(repeating: 0xFF, count: 9) + [1]) == nil)
    }

    @Test func `wanted text must be UTF-8, dropped text may be anything`() {
        let value = field(1, [0xC3, 0x28])
        #expect(flaw(request(span: ids + field(9, field(1, [97]) + field(2, value)))) == .text)
        #expect(flaw(request(span: ids + field(5, [0xFF]))) == .text)
        #expect(flaw(request(span: ids + field(9, field(1, [0xFF])))) == .text)
        #expect(flaw(request(span: ids + field(9, field(1, [97]) + field(2, field(7, [0xFF]))))) == nil)
        var sink = RecordingSink()
        let reader = TelemetryReader(encoding: .protobuf, interest: AttributeInterest(attributes: []))
        let span = request(span: ids + field(9, field(1, [97]) + field(2, value)))
        #expect(throws: Never.self) { try reader.read(span, signal: .traces, into: &sink) }
        #expect(sink.spans.count == 1)
    }

    @Test(arguments: [(32, true), (33, false), (5000, false)])
    func `values inside values are read to a depth of 32`(_ row: (depth: Int, isRead: Bool)) {
        for number in [UInt64(5), 6] {
            var value = field(1, [97])
            for _ in 1..<row.depth { value = field(number, field(1, number == 5 ? value : field(2, value))) }
            let error = failure(request(span: ids + field(9, field(1, [97]) + field(2, value))))
            #expect(error == (row.isRead ? nil : .tooDeep(limit: 32)))
        }
    }

    @Test func `a million empty spans are refused, and those before counted`() {
        let bytes = field(1, field(2, Array(repeating: [0x12, 0], count: 1_000_000).flatMap { $0 }))
        var sink = CountingSink()
        #expect(throws: TelemetryReadError.tooManyRecords(limit: 50_000)) {
            try TelemetryReader(encoding: .protobuf, interest: .all).read(bytes, signal: .traces, into: &sink)
        }
        #expect((sink.taken, sink.rejected) == (0, 50_000))
    }

    @Test(arguments: [1, 2])
    func `a million empty resources or scopes are nothing`(_ level: Int) {
        let empties = Array(repeating: [level == 1 ? 0x0A : 0x12, 0] as [UInt8], count: 1_000_000).flatMap { $0 }
        #expect(failure(level == 1 ? empties : field(1, empties)) == nil)
    }

    @Test func `ten megabytes of unknown fields are passed over`() throws {
        let unknown = field(99, Array(repeating: 0xFF, count: 10_000_000)) + varint(98 << 3) + varint(.max)
        let bytes = unknown + field(1, unknown + field(2, field(2, ids + unknown)))
        #expect(try telemetry(bytes, .protobuf, .traces).spans.count == 1)
    }

    @Test func `the resource and the scope may come behind their records, and in pieces`() throws {
        func pair(_ key: UInt8, _ value: UInt8) -> [UInt8] { field(1, [key]) + field(2, field(1, [value])) }
        let scope = field(2, ids) + field(1, field(1, [120]))
        let first = field(1, field(1, pair(97, 98)))
        let second = field(1, field(1, pair(99, 100)))
        let sink = try telemetry(field(1, first + field(2, scope) + second), .protobuf, .traces)
        let context = try #require(sink.contexts.first)
        #expect(context.scopeName == "x")
        #expect(context.resource.entries == [.init("a", .string("b")), .init("c", .string("d"))])
    }

    @Test func `a resource without end is refused`() {
        let pair = field(1, field(1, [97]) + field(2, field(2, [])))
        let many = Array(repeating: pair, count: 20_000).flatMap { $0 }
        #expect(failure(field(1, field(1, many))) == .tooManyAttributes(limit: 16_384))
    }

    // MARK: - JSON

    @Test(arguments: [
        ("", TelemetryReadError.Flaw.truncated), ("{", .truncated), (#"{"resourceSpans":[{"#, .truncated),
        ("[]", .kind), ("null", .kind), ("{}x", .rest), ("{}{}", .rest), ("{}\0", .rest), ("\u{FEFF}{}", .kind),
        (#"{"a":NaN}"#, .syntax), (#"{"a":01}"#, .syntax), (#"{"a":1,}"#, .syntax), (#"{,"a":1}"#, .syntax),
        (#"{"a":[1,]}"#, .syntax), (#"{"a" 1}"#, .syntax), (#"{"a":"\x"}"#, .syntax), (#"{"a":"\u12G4"}"#, .syntax),
        ("{\"a\":\"\0\"}", .syntax), ("{\"a\":\"\n\"}", .syntax), (#"{"a":tru}"#, .syntax), (#"{"a":nul"#, .truncated),
        (#"{"a":-}"#, .syntax), (#"{"a":1.}"#, .syntax), (#"{"a":1e}"#, .syntax), (#"{'a':1}"#, .syntax),
        (#"{"resourceSpans":{}}"#, .kind), (#"{"resourceSpans":[1]}"#, .kind), (#"{"resourceSpans":"x"}"#, .kind),
        (#"{"resourceSpans":[],"resourceSpans":[]}"#, .twice),
        (#"{"resourceSpans":[{"resource":{},"resource":{}}]}"#, .twice),
        (#"{"resourceSpans":[{"scopeSpans":[{"spans":[],"spans":[]}]}]}"#, .twice),
    ])
    func `what is no request in JSON is refused with its reason`(_ row: (text: String, flaw: TelemetryReadError.Flaw)) {
        #expect(flaw(Array(row.text.utf8), .json) == row.flaw)
    }

    private func attribute(_ value: String) -> [UInt8] {
        let ids = #""traceId":"6730ac285e4fbdbda339d7b62559a72f","spanId":"c83ab6b1b0d0f4c7""#
        let span = #"{\#(ids),"attributes":[{"key":"a","value":\#(value)}]}"#
        return Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(span)]}]}]}"#.utf8)
    }

    @Test(arguments: [
        (#"{"intValue":"9223372036854775807"}"#, AttributeValue.integer(.max)),
        (#"{"intValue":"-9223372036854775808"}"#, .integer(.min)), (#"{"intValue":12.0}"#, .integer(12)),
        (#"{"intValue":1.2e1}"#, .integer(12)), (#"{"intValue":-0}"#, .integer(0)), (#"{"intValue":""}"#, nil),
        (#"{"doubleValue":5}"#, .double(5)), (#"{"doubleValue":"0.1"}"#, .double(0.1)),
        (#"{"doubleValue":0.00343545}"#, .double(0.00343545)), (#"{"doubleValue":1e-400}"#, .double(0)),
        (#"{"doubleValue":9007199254740993}"#, .double(9_007_199_254_740_992)),
        (#"{"doubleValue":"-Infinity"}"#, .double(-.infinity)), (#"{"stringValue":"\ud83d"}"#, .string("\u{FFFD}")),
        (#"{"stringValue":"\ude00\ud83d\ud83d\ude00"}"#, .string("\u{FFFD}\u{FFFD}😀")),
        (#"{"stringValue":"a\u0000b"}"#, .string("a\0b")),
    ])
    func `strange values are read where they have a meaning`(_ row: (value: String, expected: AttributeValue?)) throws {
        let span = try #require(try telemetry(attribute(row.value), .json, .traces).spans.first)
        #expect(span.attributes["a"] == row.expected)
    }

    @Test(arguments: [
        (#"{"intValue":"9223372036854775808"}"#, TelemetryReadError.Flaw.number), (#"{"intValue":1.5}"#, .number),
        (#"{"intValue":1e500}"#, .number), (#"{"doubleValue":1e500}"#, .number), (#"{"doubleValue":"1e500"}"#, .number),
        (#"{"doubleValue":"nan"}"#, .number), (#"{"intValue":"0x10"}"#, .number), (#"{"intValue":" 1"}"#, .number),
        (#"{"intValue":true}"#, .kind), (#"{"intValue":{}}"#, .kind), (#"{"boolValue":"true"}"#, .kind),
        (#"{"stringValue":1}"#, .kind), (#"{"arrayValue":[]}"#, .kind), ("[]", .kind), ("1", .kind),
    ])
    func `values without a meaning are refused`(_ row: (value: String, flaw: TelemetryReadError.Flaw)) {
        #expect(flaw(attribute(row.value), .json) == row.flaw)
    }

    @Test func `a number of a million digits is refused at once`() {
        let number = String(repeating: "9", count: 1_000_000)
        #expect(flaw(attribute(#"{"doubleValue":\#(number)}"#), .json) == .number)
        #expect(flaw(attribute(#"{"intValue":"\#(number)"}"#), .json) == .number)
    }

    @Test(arguments: [#"{"a":"#, #"["#, #"{"arrayValue":{"values":["#])
    func `brackets are open to a depth of 64`(_ opening: String) {
        let deep = Array(String(repeating: opening, count: 100_000).utf8)
        #expect(failure(Array(#"{"a":"#.utf8) + deep, .json) == .tooDeep(limit: 64))
        let value = Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":"#.utf8)
        if opening.contains("arrayValue") { #expect(failure(value + deep, .json) == .tooDeep(limit: 64)) }
    }

    @Test func `wanted text that is no UTF-8 is refused in JSON too`() {
        var bytes = attribute(#"{"stringValue":"_"}"#)
        guard let place = bytes.lastIndex(of: UInt8(ascii: "_")) else { return }
        bytes[place] = 0xFF
        #expect(flaw(bytes, .json) == .text)
    }

    @Test func `a million keys, a million empty spans and a million nulls in JSON cost time only`() {
        let keys = (0..<1_000_000).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(failure(Array("{\(keys)}".utf8), .json) == nil)
        for element in ["{}", "null"] {
            let many = Array(repeating: element, count: 1_000_000).joined(separator: ",")
            let text = #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(many)]}]}]}"#
            #expect(failure(Array(text.utf8), .json) == .tooManyRecords(limit: 50_000))
        }
    }

    // MARK: - Recorded requests, broken

    @Test(arguments: OTLPFixture.all.filter { $0.path.hasSuffix(".bin") || $0.path.contains("metrics") })
    func `no beginning of a recorded request traps`(_ fixture: OTLPFixture) throws {
        let bytes = try fixture.bytes()
        var failures = 0
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 100)) {
            var sink = CountingSink()
            let reader = TelemetryReader(encoding: fixture.encoding, interest: .all)
            do { try reader.read(Array(bytes[..<count]), signal: fixture.signal, into: &sink) } catch { failures += 1 }
        }
        #expect(failures > 0)
    }

    @Test(arguments: OTLPFixture.all)
    func `no broken bytes of a recorded request trap`(_ fixture: OTLPFixture) throws {
        var random = SeededGenerator(state: StableSeed.of(fixture.path))
        let original = try fixture.bytes()
        let reader = TelemetryReader(encoding: fixture.encoding, interest: .all)
        for round in 0..<(original.count > 100_000 ? 3 : 40) {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = round % 2 == 0 ? .random(in: 0...255, using: &random) : bytes[place] ^ 1
            }
            var sink = CountingSink()
            try? reader.read(bytes, signal: fixture.signal, into: &sink)
            #expect(sink.taken >= 0)
        }
    }
}

/// A seed from a name, the same in every process.
private enum StableSeed {
    static func of(_ name: String) -> UInt64 { name.utf8.reduce(5381) { $0 &* 33 ^ UInt64($1) } }
}
