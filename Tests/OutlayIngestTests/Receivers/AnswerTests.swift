import OutlayIngest
import OutlayTestKit
import OutlayWire
import Testing

/// Answers are the bytes that the official packages write.
@Suite struct AnswerTests {
    static func bytes(_ name: String) throws -> [UInt8] {
        try Fixture.bytes("otlp/_responses/\(name)")
    }

    static let partial = IntakeResult(
        accepted: 7,
        rejected: 3,
        message: "3 points refused: unsupported temporality"
    )

    @Test(arguments: TelemetrySignal.allCases)
    func `what was rejected is told in the fields of its signal`(_ signal: TelemetrySignal) throws {
        #expect(OTLPAnswer.taken(Self.partial, signal, .protobuf) == (try Self.bytes("\(signal)-partial.bin")))
        #expect(OTLPAnswer.taken(Self.partial, signal, .json) == (try Self.bytes("\(signal)-partial.json")))
    }

    @Test(arguments: TelemetrySignal.allCases)
    func `a request that was taken whole has an empty answer`(_ signal: TelemetrySignal) throws {
        let whole = IntakeResult(accepted: 10)
        #expect(OTLPAnswer.taken(whole, signal, .protobuf) == (try Self.bytes("\(signal)-success.bin")))
        #expect(OTLPAnswer.taken(whole, signal, .json) == (try Self.bytes("\(signal)-success.json")))
    }

    @Test func `a refusal is a status of the google package`() throws {
        let refusal = TelemetryRefusal(.malformed, "invalid wire-format data")
        #expect(OTLPAnswer.refused(refusal, .protobuf) == (try Self.bytes("status-400.bin")))
        #expect(OTLPAnswer.refused(refusal, .json) == (try Self.bytes("status-400.json")))
    }

    @Test func `a warning rejects nothing`() {
        let warned = IntakeResult(accepted: 1, message: "a")
        #expect(OTLPAnswer.taken(warned, .logs, .protobuf) == [0x0a, 3, 0x12, 1, 0x61])
        #expect(
            String(decoding: OTLPAnswer.taken(warned, .logs, .json), as: UTF8.self)
                == #"{"partialSuccess": {"errorMessage": "a"}}"#
        )
    }

    @Test func `text is escaped in JSON, and long text is cut`() {
        let text = "\"\\\n\u{1}ü"
        #expect(
            String(decoding: OTLPAnswer.refused(TelemetryRefusal(.malformed, text), .json), as: UTF8.self)
                == #"{"code": 3, "message": "\"\\\n\u0001ü"}"#
        )
        let long = IntakeResult(accepted: 0, rejected: 1, message: String(repeating: "ü", count: 1 << 20))
        for encoding in [TelemetryEncoding.protobuf, .json] {
            #expect(OTLPAnswer.taken(long, .logs, encoding).count < 3000)
        }
    }
}
