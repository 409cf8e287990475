internal import Crypto

/// A bearer token for the API: 256 random bits in base 32 after `olt_`.
package struct AccessToken: Sendable {
    private let digest: [UInt8]

    package init(_ token: Secret) {
        digest = Array(SHA256.hash(data: Array(token.reveal().utf8)))
    }

    package static func generate() -> Secret {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        let body = (0..<52).map { _ in alphabet[Int(truncatingIfNeeded: generator.next() as UInt64) & 31] }
        return Secret("olt_" + String(decoding: body, as: UTF8.self))
    }

    /// Whether `candidate` is this token, in time that does not depend on where they differ.
    package func matches(_ candidate: String) -> Bool {
        let other = Array(SHA256.hash(data: Array(candidate.utf8)))
        var difference: UInt8 = 0
        for (left, right) in zip(digest, other) { difference |= left ^ right }
        return difference == 0
    }
}
