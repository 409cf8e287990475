import OutlayTestKit
import Testing

@testable import OutlayCore

@Suite struct EventCodecTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `an event is read back exactly as it was written`(seed: UInt64) throws {
        var generator = EventGenerator(seed: seed)
        for event in generator.events(50) {
            let bytes = EventCodec.bytes(of: event)
            #expect(try EventCodec.event(from: bytes, receivedAt: event.receivedAt) == event, "seed \(seed)")
            #expect(EventCodec.bytes(of: event) == bytes, "seed \(seed)")
        }
    }

    @Test func `numbers at the ends of their range are kept`() throws {
        var event = CostEvent.event("edge")
        event.at = Timestamp(microseconds: .min)
        event.reportedCost = Money(picodollars: -EventBounds.amount)
        event.outcome.latencyMicroseconds = .max
        event.links.call = CallID(bits: .max)
        event.links.attempt = .min
        event.metering.parts = [UsagePart(usage: [.input: EventBounds.count, .output: -EventBounds.count])]
        event.rating.lines = [
            CostLine(unit: .input, model: "m", quantity: 0, listRate: Rate(picodollars: EventBounds.amount, per: 7))
        ]
        let read = try EventCodec.event(from: EventCodec.bytes(of: event), receivedAt: event.receivedAt)
        #expect(read == event)
    }

    @Test func `texts that are equal by Unicode keep their own bytes`() throws {
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        let event = CostEvent.event("e").with { $0.metering.flags = [composed, decomposed, composed, "a\u{0}b", ""] }
        let read = try EventCodec.event(from: EventCodec.bytes(of: event), receivedAt: event.receivedAt)
        #expect(read.metering.flags.map { Array($0.utf8) } == event.metering.flags.map { Array($0.utf8) })
    }

    @Test func `a re-sent event has the same bytes whenever it is received`() {
        let event = CostEvent.event("e")
        let later = event.with { $0.receivedAt = Timestamp(seconds: 1) }
        #expect(EventCodec.bytes(of: event) == EventCodec.bytes(of: later))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `damaged bytes are an error or another event, never a trap`(seed: UInt64) {
        var generator = EventGenerator(seed: seed)
        let bytes = EventCodec.bytes(of: generator.event())
        for length in bytes.indices {
            #expect(throws: CodecError.self) {
                try EventCodec.event(from: Array(bytes[..<length]), receivedAt: .sample)
            }
        }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator.random))
            _ = try? EventCodec.event(from: damaged, receivedAt: .sample)
        }
    }

    @Test func `an event that keeps its bytes forgets them when it is changed`() throws {
        let event = EventCodec.encoded(.event("e"))
        #expect(event == .event("e") && event.encoded == EventCodec.bytes(of: .event("e")))
        let changed = event.with { $0.links.responseID = "resp_1" }
        #expect(changed.encoded == nil && changed != event && event.links.responseID == nil)
        #expect(try EventCodec.event(from: EventCodec.bytes(of: changed), receivedAt: event.receivedAt) == changed)
    }

    @Test func `bytes of a later format say so`() {
        let error = #expect(throws: CodecError.self) { try EventCodec.event(from: [9], receivedAt: .sample) }
        #expect(error?.reason == "it has format 9, this program knows 1 to 1")
    }

    @Test func `no word of the format is written in full`() {
        for (number, word) in CodecWords.all.enumerated() {
            #expect(Self.number(of: word) == number, "\(word)")
        }
        #expect(Self.number(of: "\u{212A}ey") == nil)
    }

    private static func number(of word: String) -> Int? {
        let text = word.utf8.span
        return CodecWords.number(of: text, mark: ByteWriter.mark(of: text))
    }

    @Test(arguments: [0, -1] as [Int128])
    func `a rate without a positive denominator is refused`(denominator: Int128) throws {
        let event = CostEvent.event("e").with {
            $0.rating.lines = [CostLine(unit: .input, model: "m", quantity: 1, listRate: Rate(picodollars: 1, per: 97))]
        }
        var bytes = EventCodec.bytes(of: event)
        let rate: [UInt8] = [2, 194, 1]
        let index = try #require(bytes.indices.first { Array(bytes[$0...].prefix(3)) == rate })
        bytes[index + 1] = denominator == 0 ? 0x80 : 0x81
        bytes[index + 2] = 0
        let error = #expect(throws: CodecError.self) { try EventCodec.event(from: bytes, receivedAt: .sample) }
        #expect(error?.reason == "a rate's denominator is \(denominator)")
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `altered bytes never trap, and what they give can be summed`(seed: UInt64) {
        var generator = EventGenerator(seed: seed)
        var bytes = EventCodec.bytes(of: generator.event())
        for _ in 0..<Int.random(in: 1...3, using: &generator.random) {
            let index = Int.random(in: 0..<bytes.count, using: &generator.random)
            bytes[index] = UInt8.random(in: 0...255, using: &generator.random)
        }
        guard let event = try? EventCodec.event(from: bytes, receivedAt: .sample) else { return }
        #expect(EventBounds.excess(of: event) == nil)
        _ = Contribution(of: event)
    }

    @Test func `an amount beyond all sense is told before it is written`() {
        let event = CostEvent.event("e").with { $0.reportedCost = Money(picodollars: .max) }
        #expect(EventBounds.excess(of: event)?.hasPrefix("a reported cost of") == true)
        #expect(EventBounds.excess(of: .event("e")) == nil)
    }
}
