import OutlayCore
import Testing

@testable import OutlayJournal

@Suite struct SettlementCodecTests {
    @Test func `random events come back as they were written`() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomEvents(seed: seed)
            let event = random.event()
            #expect(try SettlementCodec.event(from: SettlementCodec.bytes(of: event)[...]) == event, "seed \(seed)")
            let intent = random.intent()
            #expect(try EventCodec.intent(from: EventCodec.bytes(of: intent)) == intent, "seed \(seed)")
        }
    }

    @Test func `bytes cut anywhere are refused`() {
        var random = RandomEvents(seed: 7)
        let whole = SettlementCodec.bytes(of: random.event())
        for length in whole.indices {
            #expect(throws: CodecError.self) { try SettlementCodec.event(from: whole.prefix(length)) }
        }
    }

    @Test func `random bytes never trap`() {
        var random = Seeded(state: 11)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...300, using: &random)
            let bytes = [1] + (0..<count).map { _ in UInt8.random(in: 0...12, using: &random) }
            _ = try? SettlementCodec.event(from: ([UInt8](repeating: 0, count: 8) + bytes)[...])
            _ = try? EventCodec.intent(from: bytes)
        }
    }

    @Test func `a later version is named in the error`() {
        #expect(throws: CodecError.version(9)) { try EventCodec.intent(from: [9, 0]) }
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
