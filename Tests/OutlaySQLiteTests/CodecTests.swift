import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct CodecTests {
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
        event.reportedCost = Money(picodollars: .min)
        event.outcome.latencyMicroseconds = .max
        event.links.call = CallID(bits: .max)
        event.links.attempt = .min
        event.metering.parts = [UsagePart(usage: [.input: .max, .output: .min])]
        event.rating.lines = [
            CostLine(unit: .input, model: "m", quantity: 0, listRate: Rate(picodollars: .max, per: 7))
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

    @Test func `bytes of a later format say so`() {
        let error = #expect(throws: CodecError.self) { try EventCodec.event(from: [9], receivedAt: .sample) }
        #expect(error?.reason == "it has format 9, this program knows 1 to 1")
    }

    @Test func `the rules of a key are read back exactly`() throws {
        var rules = KeyRules(name: "ci", workspace: "lab", tags: [.team: "growth"], door: .ingest, expires: .sample)
        rules.allow = [.feature: ["build", "review"], .environment: []]
        rules.upstreams = ["openai"]
        rules.models = ["gpt-*"]
        #expect(try KeyRulesCodec.rules(from: KeyRulesCodec.bytes(of: rules)) == rules)
    }
}
