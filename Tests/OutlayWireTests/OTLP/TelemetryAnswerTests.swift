import OTLPProtobuf
import OutlayCore
import OutlayWire
import SwiftProtobuf
import Testing

/// What exporters are told: the bytes of the recorded answers.
@Suite struct TelemetryAnswerTests {
    private static let partial = TelemetryAnswer.partial(
        rejected: 3,
        message: "3 points refused: unsupported temporality"
    )

    @Test(arguments: TelemetrySignal.allCases)
    func `success and partial success are written as exporters know them`(_ signal: TelemetrySignal) throws {
        for (answer, name) in [(TelemetryAnswer.success, "success"), (Self.partial, "partial")] {
            let path = "otlp/_responses/\(signal.rawValue)-\(name)"
            #expect(answer.bytes(signal: signal, encoding: .protobuf) == (try Fixture.bytes("\(path).bin")))
            let json = try JSONValue(answer.bytes(signal: signal, encoding: .json))
            #expect(json == (try Fixture.json("\(path).json")))
        }
    }

    @Test func `a refused request is told in a status of google's`() throws {
        let answer = TelemetryAnswer.failure(
            code: TelemetryAnswer.invalidArgument,
            message: "invalid wire-format data"
        )
        let bytes = answer.bytes(signal: .traces, encoding: .protobuf)
        #expect(bytes == (try Fixture.bytes("otlp/_responses/status-400.bin")))
        let json = try JSONValue(answer.bytes(signal: .logs, encoding: .json))
        #expect(json == (try Fixture.json("otlp/_responses/status-400.json")))
    }

    @Test(arguments: [0, 1, 127, 128, 200_000, Int64.max])
    func `any count and any message are read back by SwiftProtobuf`(_ rejected: Int64) throws {
        let message = String(repeating: "ü \"quoted\"\n", count: 40)
        let answer = TelemetryAnswer.partial(rejected: rejected, message: message)
        let read = try OTLPExportResponse(serializedBytes: answer.bytes(signal: .logs, encoding: .protobuf))
        #expect(read.partialSuccess.rejected == rejected)
        #expect(read.partialSuccess.errorMessage == message)
        let json = try JSONValue(answer.bytes(signal: .logs, encoding: .json))
        #expect(json["partialSuccess"]?["errorMessage"]?.string == message)
    }
}
