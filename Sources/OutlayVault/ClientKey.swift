package import OutlayCore
internal import Crypto

/// A key that a program authenticates with: `olk_`, 52 characters of base 32 (256 random bits), 4 of checksum.
///
/// Only its SHA-256 is stored (S-09). The checksum tells a mistyped key from a revoked one without a look-up.
package struct ClientKey: Sendable {
    package let secret: Secret
    package let digest: KeyDigest
    /// The first twelve characters, which listings show.
    package let prefix: String

    private static let marker = "olk_"
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    package static func generate() -> ClientKey {
        var generator = SystemRandomNumberGenerator()
        let body = (0..<52).map { _ in alphabet[Int(truncatingIfNeeded: generator.next() as UInt64) & 31] }
        let text = marker + String(decoding: body, as: UTF8.self)
        let key = text + checksum(of: text)
        return ClientKey(
            secret: Secret(key),
            digest: KeyDigest(of: Array(key.utf8).span),
            prefix: String(key.prefix(12))
        )
    }

    /// Whether `text` has the shape and checksum of a key made by ``generate()``.
    package static func isWellFormed(_ text: String) -> Bool {
        text.hasPrefix(marker) && text.utf8.count == 60 && checksum(of: String(text.dropLast(4))) == text.suffix(4)
    }

    private static func checksum(of text: String) -> String {
        let digest = SHA256.hash(data: Array(text.utf8))
        return String(decoding: digest.prefix(4).map { alphabet[Int($0) & 31] }, as: UTF8.self)
    }
}

extension KeyDigest {
    /// The SHA-256 of a key as the caller sent it.
    package init(of key: Span<UInt8>) {
        var hasher = SHA256()
        unsafe key.bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        var halves: (UInt128, UInt128) = (0, 0)
        for (index, byte) in hasher.finalize().enumerated() {
            if index < 16 {
                halves.0 = halves.0 << 8 | UInt128(byte)
            } else {
                halves.1 = halves.1 << 8 | UInt128(byte)
            }
        }
        self.init(high: halves.0, low: halves.1)
    }
}
