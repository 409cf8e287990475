internal import Crypto
internal import Foundation

/// Checks who published a price book: an Ed25519 signature over its bytes.
package enum BookSignature {
    /// Whether `signature` (64 bytes) over `book` was made by the holder of `publicKey` (32 bytes, base 64).
    package static func isValid(_ signature: [UInt8], over book: [UInt8], publicKey: String) -> Bool {
        guard let raw = Data(base64Encoded: publicKey),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(signature, for: book)
    }

    /// A fresh pair for an organisation that publishes its own book: base 64 of the public and the private key.
    package static func generatePair() -> (publicKey: String, privateKey: Secret) {
        let key = Curve25519.Signing.PrivateKey()
        return (
            key.publicKey.rawRepresentation.base64EncodedString(), Secret(key.rawRepresentation.base64EncodedString())
        )
    }

    /// Signs `book`; `nil` when the key is not 32 bytes of base 64.
    package static func sign(_ book: [UInt8], with privateKey: Secret) -> [UInt8]? {
        guard let raw = Data(base64Encoded: privateKey.reveal()),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw),
            let signature = try? key.signature(for: book)
        else { return nil }
        return Array(signature)
    }
}
