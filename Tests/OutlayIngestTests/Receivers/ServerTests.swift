import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import OutlayCore
@testable import OutlayIngest
import OutlayWire
import Testing

/// The receiver over HTTP on a real port.
@Suite struct ServerTests {
    @Test(.timeLimit(.minutes(1)))
    func `a body in chunks is taken, and a connection outlives a refusal`() async throws {
        let stage = Stage(IngestLimits(bodyBytesMax: 100_000))
        try await RouteTests.application(stage).test(.live) { client in
            let key = try #require(HTTPField.Name("x-api-key"))
            var headers = RouteTests.protobuf
            for (secret, count, status) in [
                ("olk_ingest", 50_000, 200), ("olk_ingest", 100_001, 413), ("olk_nobody", 50_000, 401),
                ("olk_gateway", 50_000, 403), ("olk_ingest", 50_000, 200),
            ] {
                headers[key] = secret
                let body = ByteBuffer(repeating: 1, count: count)
                try await client.execute(uri: "/v1/logs", method: .post, headers: headers, body: body) { answer in
                    #expect(answer.status.code == status)
                }
            }
        }
        #expect(stage.intake.taken.map(\.body.count) == [50_000, 50_000])
        #expect(stage.receiver.allowance.bytesHeld == 0)
    }
}
