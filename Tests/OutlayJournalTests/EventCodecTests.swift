import OutlayCore
import Testing

@testable import OutlayJournal

@Suite struct EventCodecTests {
    @Test func `random events come back as they were written`() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomEvents(seed: seed)
            let event = random.event()
            #expect(try EventCodec.decodeEvent(EventCodec.encode(event)[...]) == event, "seed \(seed)")
            let intent = random.intent()
            #expect(try EventCodec.decodeIntent(EventCodec.encode(intent)[...]) == intent, "seed \(seed)")
        }
    }

    @Test func `bytes cut anywhere are refused`() {
        var random = RandomEvents(seed: 7)
        let whole = EventCodec.encode(random.event())
        for length in whole.indices {
            #expect(throws: CodecError.self) { try EventCodec.decodeEvent(whole.prefix(length)) }
        }
    }

    @Test func `altered bytes never trap, and what they give can be summed`() {
        var refused = 0
        for seed in 0..<1000 as Range<UInt64> {
            var random = RandomEvents(seed: seed)
            var bytes = EventCodec.encode(random.event())
            for _ in 0..<Int.random(in: 1...3, using: &random.random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random.random)] = UInt8.random(
                    in: 0...255,
                    using: &random.random
                )
            }
            guard let event = try? EventCodec.decodeEvent(bytes[...]) else {
                refused += 1
                continue
            }
            _ = Contribution(of: event)
        }
        #expect(refused > 250)
    }

    @Test func `random bytes never trap`() {
        var random = Seeded(state: 11)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...300, using: &random)
            let bytes = [EventCodec.version] + (0..<count).map { _ in UInt8.random(in: 0...12, using: &random) }
            _ = try? EventCodec.decodeEvent(bytes[...])
            _ = try? EventCodec.decodeIntent(bytes[...])
        }
    }

    @Test func `a later version is named in the error`() {
        #expect(throws: CodecError.version(9)) { try EventCodec.decodeEvent([9, 0]) }
    }

    @Test(arguments: [
        ("a denominator of zero", [1, 0] as [UInt8]),
        ("a negative denominator", [1, 1] as [UInt8]),
    ])
    func `a rate without a positive denominator is refused`(_ row: (name: String, rate: [UInt8])) {
        let line: [UInt8] = [1, 1, 1, 0x69, 5] + row.rate + [0, 0, 0]
        let event: [UInt8] = [EventCodec.version, 9] + line
        #expect(throws: CodecError.invalid("rate"), "\(row.name)") { try EventCodec.decodeEvent(event[...]) }
    }
}

@Suite struct CRC32CTests {
    @Test(arguments: [("123456789", 0xE306_9283 as UInt32), ("", 0), ("a", 0xC1D0_4330)])
    func `the checksum is the published one`(_ row: (text: String, checksum: UInt32)) {
        #expect(CRC32C.checksum(of: Array(row.text.utf8).span) == row.checksum)
    }

    @Test func `32 bytes of zeros and of ones give the values of RFC 3720`() {
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
    }
}
