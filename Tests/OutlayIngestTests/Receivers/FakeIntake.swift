import OutlayCore
import OutlayIngest
import OutlayTestKit
import OutlayVault
import OutlayWire
import Synchronization

/// Takes what receivers hand on, answers as it is told, and remembers.
final class FakeIntake: TelemetryIntake {
    struct Taken: Equatable {
        var body: [UInt8]
        var signal: TelemetrySignal
        var encoding: TelemetryEncoding
        var key: String
    }

    private struct State {
        var answer: Result<IntakeResult, IntakeFailure> = .success(IntakeResult(accepted: 1))
        var taken: [Taken] = []
    }

    private let state = Mutex(State())

    var taken: [Taken] { state.withLock { $0.taken } }

    func answer(with result: Result<IntakeResult, IntakeFailure>) {
        state.withLock { $0.answer = result }
    }

    func take(
        _ body: [UInt8],
        signal: TelemetrySignal,
        encoding: TelemetryEncoding,
        key: KeyRules
    ) async throws(IntakeFailure) -> IntakeResult {
        let answer = state.withLock { state in
            state.taken.append(Taken(body: body, signal: signal, encoding: encoding, key: key.name))
            return state.answer
        }
        return try answer.get()
    }
}

/// A receiver with a fake behind it and one key of every kind.
struct Stage {
    let intake = FakeIntake()
    let receiver: OTLPReceiver

    init(_ limits: IngestLimits = IngestLimits()) {
        let keys = IngestKeys(Self.keys)
        receiver = OTLPReceiver(intake: intake, keys: { keys }, now: { .sample }, limits: limits)
    }

    static let keys: [StoredKey] = [
        key("ingest"),
        key("both", .both),
        key("gateway", .gateway),
        key("expired", expires: .sample),
        key("revoked", revokedAt: .sample),
    ]

    /// A key whose secret is `olk_` and its name.
    private static func key(
        _ name: String,
        _ door: KeyRules.Door = .ingest,
        expires: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) -> StoredKey {
        StoredKey(
            id: name,
            digest: KeyDigest(of: Array("olk_\(name)".utf8).span),
            prefix: "olk_",
            rules: KeyRules(name: name, door: door, expires: expires),
            createdAt: .sample,
            revokedAt: revokedAt
        )
    }
}
