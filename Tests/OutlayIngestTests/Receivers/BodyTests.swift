import Hummingbird
import HummingbirdTesting
import NIOCore
import OutlayCore
@testable import OutlayIngest
import OutlayTestKit
import OutlayWire
import Testing

/// What a body may be, and what it may cost.
@Suite struct BodyTests {
    static func post(_ stage: Stage, _ body: [UInt8], encoding: String? = "gzip") async throws -> TestResponse {
        var headers = RouteTests.protobuf
        headers[.contentEncoding] = encoding
        return try await RouteTests.post(stage, "/v1/traces", headers, body: body)
    }

    /// Text that does not compress to nothing.
    static let text = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

    @Test(arguments: [0, 1, 1000, 50_000])
    func `a compressed body is what was compressed`(_ count: Int) async throws {
        let stage = Stage()
        let text = Array(Self.text.prefix(count))
        for encoding in ["gzip", "GZIP"] {
            #expect(try await Self.post(stage, Gzip.compress(text), encoding: encoding).status == .ok)
        }
        for encoding in ["identity", nil] {
            #expect(try await Self.post(stage, text, encoding: encoding).status == .ok)
        }
        #expect(stage.intake.taken.map(\.body) == [text, text, text, text])
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }

    @Test func `several members are one body`() async throws {
        let stage = Stage()
        let body = Gzip.compress([1, 2]) + Gzip.compress([]) + Gzip.compress([3])
        #expect(try await Self.post(stage, body).status == .ok)
        #expect(stage.intake.taken.map(\.body) == [[1, 2, 3]])
    }

    @Test func `members without end are refused`() async throws {
        let stage = Stage()
        let body = Array((0..<100_000).map { _ in Gzip.compress([]) }.joined())
        #expect(try await Self.post(stage, body).status == .badRequest)
        #expect(stage.intake.taken.isEmpty)
    }

    @Test(arguments: ["deflate", "zstd", "br", "snappy", "gzip, gzip", "x-gzip"])
    func `another compression is answered 415`(_ encoding: String) async throws {
        let stage = Stage()
        #expect(try await Self.post(stage, [1], encoding: encoding).status == .unsupportedMediaType)
        #expect(stage.intake.taken.isEmpty)
    }

    @Test func `a gzip that was cut anywhere is malformed`() async throws {
        let whole = Gzip.compress(Array(Self.text.prefix(300)))
        for length in 1..<whole.count {
            let stage = Stage()
            let answer = try await Self.post(stage, Array(whole.prefix(length)))
            #expect(answer.status == .badRequest, "cut at \(length) of \(whole.count)")
            #expect(stage.intake.taken.isEmpty)
        }
    }

    @Test(arguments: 1...8)
    func `a gzip whose checksum or length does not fit is malformed`(_ fromEnd: Int) async throws {
        let stage = Stage()
        var body = Gzip.compress(Array(Self.text.prefix(300)))
        body[body.count - fromEnd] ^= 1
        #expect(try await Self.post(stage, body).status == .badRequest)
        #expect(stage.intake.taken.isEmpty)
    }

    @Test(arguments: [[0], [0x1f, 0x8b], [0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01], Array("{}".utf8)])
    func `what is no gzip is malformed`(_ body: [UInt8]) async throws {
        let stage = Stage()
        #expect(try await Self.post(stage, body).status == .badRequest)
        #expect(try await Self.post(stage, Gzip.compress([1]) + body).status == .badRequest)
        #expect(stage.intake.taken.isEmpty)
    }

    @Test func `a bomb is refused at the limit and leaves nothing behind`() async throws {
        let stage = Stage()
        let bomb = Gzip.compress([UInt8](repeating: 0, count: 64 << 20))
        #expect(bomb.count < 70_000)
        let answer = try await Self.post(stage, bomb)
        #expect(answer.status == .contentTooLarge)
        #expect(stage.intake.taken.isEmpty)
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }

    @Test(arguments: [nil, "gzip"])
    func `a body at the limit is taken, and one byte more is not`(_ encoding: String?) async throws {
        let stage = Stage(IngestLimits(bodyBytesMax: 10_000))
        for (count, status) in [(10_000, HTTPResponse.Status.ok), (10_001, .contentTooLarge)] {
            let zeros = [UInt8](repeating: 0, count: count)
            let body = encoding == nil ? zeros : Gzip.compress(zeros)
            #expect(try await Self.post(stage, body, encoding: encoding).status == status)
        }
        #expect(stage.intake.taken.map(\.body.count) == [10_000])
    }

    @Test(arguments: [nil, "gzip"])
    func `what all bodies together may hold is kept, and given back`(_ encoding: String?) async throws {
        var limits = IngestLimits()
        limits.bytesInFlightMax = 100_000
        let stage = Stage(limits)
        let other = BodyShare(of: stage.receiver.allowance)
        #expect(other.grow(by: 90_000))
        let body = encoding == nil ? Self.text : Gzip.compress(Self.text)
        let refused = try await Self.post(stage, body, encoding: encoding)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers[.retryAfter] == "1")
        #expect(stage.receiver.allowance.bytesHeld == 90_000)
        other.giveBack()
        #expect(try await Self.post(stage, body, encoding: encoding).status == .ok)
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }

    @Test func `a body that takes too long is refused`() async throws {
        var limits = IngestLimits()
        limits.bodyTimeMax = .zero
        let stage = Stage(limits)
        let answer = try await Self.post(stage, [1], encoding: nil)
        #expect(answer.status == .tooManyRequests)
        #expect(stage.intake.taken.isEmpty)
    }

    @Test func `a gzip body is read however its bytes are split`() {
        let text = Array(Self.text.prefix(2000))
        let whole = Gzip.compress(text) + Gzip.compress(text)
        for size in [1, 2, 3, 7, 100, whole.count] {
            let share = BodyShare(of: BodyAllowance(bytes: 1 << 20))
            var body: [UInt8] = []
            guard var inflater = GzipInflater() else { return #expect(Bool(false), "no memory") }
            for start in stride(from: 0, to: whole.count, by: size) {
                let piece = ByteBuffer(bytes: whole[start..<min(start + size, whole.count)])
                #expect(inflater.inflate(piece, into: &body, upTo: 1 << 20, share) == .more)
            }
            let isWhole = inflater.isWhole
            #expect(isWhole)
            #expect(body == text + text)
        }
    }
}
