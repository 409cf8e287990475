import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
@testable import OutlayIngest
@testable import OutlayIngestGRPC
import OutlayTestKit
import Testing

/// What the gate before the gRPC library lets through, and how it refuses.
@Suite struct MessageGateTests {
    typealias Payload = HTTP2Frame.FramePayload

    /// A stream with a gate, to which frames are fed by hand.
    struct Stream {
        let stage: Stage
        let channel: EmbeddedChannel

        init(_ stage: Stage = Stage(), encoding: String? = nil) throws {
            self.stage = stage
            channel = EmbeddedChannel(handler: MessageGate(stage.receiver))
            try channel.connect(to: .init(unixDomainSocketPath: "/test")).wait()
            var headers: Payload.Headers = .init(headers: [":method": "POST"])
            if let encoding { headers.headers.add(name: "grpc-encoding", value: encoding) }
            try channel.writeInbound(Payload.headers(headers))
        }

        func feed(_ bytes: [UInt8], isEnd: Bool = false) throws {
            try channel.writeInbound(Payload.data(.init(data: .byteBuffer(ByteBuffer(bytes: bytes)), endStream: isEnd)))
        }

        /// The head and the bytes that the library sees.
        func passed() throws -> (encoding: [String], bytes: [UInt8]) {
            guard case .headers(let head) = try channel.readInbound(as: Payload.self) else { return ([], []) }
            var bytes: [UInt8] = []
            while case .data(let frame) = try channel.readInbound(as: Payload.self) {
                if case .byteBuffer(let buffer) = frame.data { bytes += Array(buffer.readableBytesView) }
            }
            return (head.headers["grpc-encoding"], bytes)
        }

        /// The status of a refusal, and whether the exporter was told to stop.
        func refusal() throws -> (status: String?, isReset: Bool) {
            guard case .headers(let trailers) = try channel.readOutbound(as: Payload.self), trailers.endStream else {
                return (nil, false)
            }
            guard case .rstStream(.noError) = try channel.readOutbound(as: Payload.self) else {
                return (trailers.headers["grpc-status"].first, false)
            }
            return (trailers.headers["grpc-status"].first, true)
        }
    }

    static func message(_ bytes: [UInt8], isGzip: Bool = false) -> [UInt8] {
        let sent = isGzip ? Gzip.compress(bytes) : bytes
        let length = UInt32(sent.count)
        return [isGzip ? 1 : 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + sent
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 64, 10_000])
    func `a message passes whole, however its frames are cut`(_ size: Int) throws {
        let text = Array(BodyTests.text.prefix(900))
        for isGzip in [false, true] {
            let stream = try Stream(encoding: isGzip ? "gzip" : nil)
            let sent = Self.message(text, isGzip: isGzip)
            for start in stride(from: 0, to: sent.count, by: size) {
                try stream.feed(Array(sent[start..<min(start + size, sent.count)]))
            }
            try stream.feed([], isEnd: true)
            let passed = try stream.passed()
            #expect(passed.encoding.isEmpty)
            #expect(passed.bytes == Self.message(text))
        }
    }

    @Test func `an encoding that is not gzip is left for the library to refuse`() throws {
        let stream = try Stream(encoding: "deflate")
        #expect(try stream.passed().encoding == ["deflate"])
    }

    /// What is fed, whether the stream ends with it, and the status it is refused with.
    static let wrong: [(bytes: [UInt8], isEnd: Bool, status: String)] = [
        ([0, 0, 0, 0, 5, 1, 2], true, "3"),
        ([0, 0, 0, 0, 1, 1, 2], false, "3"),
        (message([1]) + message([2]), true, "3"),
        ([2, 0, 0, 0, 1, 1], true, "3"),
        ([1, 0, 0, 0, 1, 1], true, "3"),
        (Array(message(BodyTests.text, isGzip: true).dropLast()), true, "3"),
        ([1, 0, 0, 0, 40] + Gzip.compress(BodyTests.text).prefix(40), true, "3"),
        ([0, 0xff, 0xff, 0xff, 0xff], false, "8"),
        ([0, 0, 0x10, 0, 1], false, "8"),
        (message([UInt8](repeating: 0, count: 2 << 20), isGzip: true), false, "8"),
    ]

    @Test(arguments: wrong)
    func `what is no message, or too large, ends the stream with a status`(
        _ row: (bytes: [UInt8], isEnd: Bool, status: String)
    ) throws {
        let stream = try Stream(Stage(IngestLimits(bodyBytesMax: 1 << 20)), encoding: "gzip")
        try stream.feed(row.bytes, isEnd: row.isEnd)
        let refusal = try stream.refusal()
        #expect(refusal.status == row.status)
        #expect(refusal.isReset == !row.isEnd)
        #expect(try stream.passed().bytes.isEmpty)
        #expect(stream.stage.receiver.allowance.bytesHeld == 0)
    }

    @Test func `what a stream holds is counted until it ends`() throws {
        let stream = try Stream()
        try stream.feed([0, 0, 0, 4, 0] + [UInt8](repeating: 1, count: 1000))
        #expect(stream.stage.receiver.allowance.bytesHeld == 1000)
        _ = try stream.channel.finish(acceptAlreadyClosed: true)
        #expect(stream.stage.receiver.allowance.bytesHeld == 0)
    }

    @Test func `a message that takes too long is welcome later`() throws {
        var limits = IngestLimits()
        limits.bodyTimeMax = .zero
        let stream = try Stream(Stage(limits))
        try stream.feed(Self.message([1]))
        #expect(try stream.refusal().status == "14")
    }
}
