internal import Crypto
internal import Foundation

/// The key that other secrets are encrypted under, read from a file only its owner can read.
///
/// Each purpose gets a key of its own by HKDF, and each ciphertext is bound to its purpose and name as
/// associated data, so a stored secret can be neither moved nor reused (S-07).
package struct MasterKey: Sendable {
    private let key: SymmetricKey

    /// What goes wrong with the master key or what it sealed.
    package enum Failure: Error, Hashable, CustomStringConvertible {
        /// The file cannot be read, or is not 32 bytes.
        case unreadable(path: String)
        /// Others may read the file; nothing was opened.
        case exposed(path: String)
        /// The ciphertext was not made by this key, for this purpose and name.
        case unopenable(name: String)

        package var description: String {
            switch self {
            case .unreadable(let path): "cannot read the master key at \(path): it must be a file of 32 bytes"
            case .exposed(let path): "the master key at \(path) can be read by others: run chmod 600 \(path)"
            case .unopenable(let name): "the stored secret '\(name)' was sealed under another master key"
            }
        }
    }

    /// Reads the key at `path`; makes it, with mode 0600, when there is none.
    package init(at path: String) throws(Failure) {
        let manager = FileManager.default
        if !manager.fileExists(atPath: path) {
            let fresh = unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Data($0) }
            guard manager.createFile(atPath: path, contents: fresh, attributes: [.posixPermissions: 0o600]) else {
                throw .unreadable(path: path)
            }
        }
        let mode = (try? manager.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
        guard let mode, mode & 0o077 == 0 else { throw .exposed(path: path) }
        guard let bytes = manager.contents(atPath: path), bytes.count == 32 else { throw .unreadable(path: path) }
        key = SymmetricKey(data: bytes)
    }

    /// Encrypts `secret` (AES-256-GCM) for one purpose and name.
    package func seal(_ secret: Secret, purpose: String, name: String) -> [UInt8] {
        let box = try? AES.GCM.seal(
            Data(secret.reveal().utf8),
            using: derivedKey(purpose),
            authenticating: associatedData(purpose, name)
        )
        guard let combined = box?.combined else { preconditionFailure("AES-GCM refused a 96-bit nonce") }
        return Array(combined)
    }

    package func open(_ sealed: [UInt8], purpose: String, name: String) throws(Failure) -> Secret {
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let plain = try? AES.GCM.open(
                box,
                using: derivedKey(purpose),
                authenticating: associatedData(purpose, name)
            ),
            let text = String(bytes: plain, encoding: .utf8)
        else { throw .unopenable(name: name) }
        return Secret(text)
    }

    /// Signs `statement` (Ed25519, 64 bytes) for one purpose.
    package func sign(_ statement: [UInt8], purpose: String) -> [UInt8] {
        guard let signature = try? signingKey(purpose).signature(for: statement) else {
            preconditionFailure("Ed25519 refused to sign")
        }
        return Array(signature)
    }

    /// What ``BookSignature/isValid(_:over:publicKey:)`` takes for signatures of that purpose.
    package func publicKey(purpose: String) -> String {
        signingKey(purpose).publicKey.rawRepresentation.base64EncodedString()
    }

    private func signingKey(_ purpose: String) -> Curve25519.Signing.PrivateKey {
        let seed = unsafe derivedKey("sign " + purpose).withUnsafeBytes { unsafe Data($0) }
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            preconditionFailure("Ed25519 refused a seed of 32 bytes")
        }
        return key
    }

    private func derivedKey(_ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key,
            info: Data("outlay/1/\(purpose)".utf8),
            outputByteCount: 32
        )
    }

    private func associatedData(_ purpose: String, _ name: String) -> Data {
        Data("\(purpose.utf8.count):\(purpose)\(name.utf8.count):\(name)".utf8)
    }
}
