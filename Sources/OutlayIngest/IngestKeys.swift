package import OutlayCore
internal import OutlayVault

/// Who may send telemetry: the keys in force at one time, by what is stored of them.
package struct IngestKeys: Sendable {
    private let keys: [KeyDigest: StoredKey]

    /// - Parameter keys: revoked and expired ones too, which are told apart from unknown ones.
    package init(_ keys: [StoredKey]) {
        self.keys = Dictionary(keys.map { ($0.digest, $0) }) { first, _ in first }
    }

    /// The rules of the key that `credentials` name.
    ///
    /// Only digests are compared, so an answer's time tells nothing about a secret. One of several credentials may
    /// be known; two different known ones are refused, because it would be a guess who pays.
    func rules(of credentials: [String], at now: Timestamp) throws(TelemetryRefusal) -> KeyRules {
        guard !credentials.isEmpty else { throw .noKey }
        var known: [StoredKey] = []
        for credential in credentials {
            guard let key = keys[KeyDigest(of: Array(credential.utf8).span)], !known.contains(key) else { continue }
            known.append(key)
        }
        guard let key = known.first else { throw .unknownKey }
        guard known.count == 1 else { throw .twoKeys }
        guard key.isValid(at: now) else { throw key.isRevoked(at: now) ? .revokedKey : .expiredKey }
        guard key.rules.door != .gateway else { throw .wrongDoor }
        return key.rules
    }
}

extension TelemetryRefusal {
    fileprivate static let noKey = TelemetryRefusal(
        .unauthenticated,
        "Send a client key as x-api-key or as Authorization: Bearer. outlay key create --for ingest makes one."
    )
    fileprivate static let unknownKey = TelemetryRefusal(
        .unauthenticated,
        "There is no such key. outlay key list shows the first characters of each."
    )
    fileprivate static let twoKeys = TelemetryRefusal(
        .unauthenticated,
        "Two different keys came with one request: send one."
    )
    fileprivate static let revokedKey = TelemetryRefusal(.unauthenticated, "The key was revoked: use its successor.")
    fileprivate static let expiredKey = TelemetryRefusal(
        .unauthenticated,
        "The key's time is over: outlay key rotate NAME makes another."
    )
    fileprivate static let wrongDoor = TelemetryRefusal(
        .wrongDoor,
        "The key is for the gateway only: make one --for ingest or --for both."
    )
}
