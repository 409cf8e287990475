internal import Foundation
internal import Logging
package import OutlayCore
internal import OutlaySQLite
internal import OutlayVault

/// An anchor as a line of `anchors.jsonl`, signed under the master key.
struct SignedAnchor: Codable {
    var at: Timestamp
    var events: Int64
    var chainHead: String
    var auditEntries: Int64
    var auditHead: String
    /// Base 64: the signature over the anchor's statement, and the key it can be checked with by anybody (Ed25519).
    var signature: String
    var publicKey: String

    private static let purpose = "anchor"

    init(_ anchor: ChainAnchor, signedBy key: MasterKey) {
        (at, events, chainHead) = (anchor.at, anchor.events, anchor.chainHead)
        (auditEntries, auditHead) = (anchor.auditEntries, anchor.auditHead)
        let signed = key.sign(Array(anchor.statement.utf8), purpose: Self.purpose)
        signature = Data(signed).base64EncodedString()
        publicKey = key.publicKey(purpose: Self.purpose)
    }

    var anchor: ChainAnchor {
        ChainAnchor(
            at: at,
            events: events,
            chainHead: chainHead,
            auditEntries: auditEntries,
            auditHead: auditHead
        )
    }

    /// Whether this installation's master key signed it.
    func isSigned(by key: MasterKey) -> Bool {
        publicKey == key.publicKey(purpose: Self.purpose)
            && BookSignature.isValid(
                Array(Data(base64Encoded: signature) ?? Data()),
                over: Array(anchor.statement.utf8),
                publicKey: publicKey
            )
    }
}

/// The anchors beside the database; their lines are logged too, for whoever keeps logs elsewhere.
struct AnchorFile {
    let path: String

    func read() throws -> [SignedAnchor] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).map { line in
            try JSONDecoder().decode(SignedAnchor.self, from: Data(line))
        }
    }

    func append(_ anchor: SignedAnchor) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = try encoder.encode(anchor) + Data("\n".utf8)
        let manager = FileManager.default
        if !manager.fileExists(atPath: path) {
            _ = manager.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: line)
        try file.synchronize()
    }
}

extension Installation {
    private var anchors: AnchorFile { AnchorFile(path: settings.dataFolder + "/anchors.jsonl") }

    /// Writes down, signed, where both chains stand, unless they stand where they stood.
    func anchorChains() async {
        do {
            let anchor = try await ledger.anchor(at: now())
            if let last = try anchors.read().last, anchor.standsWhere(last.anchor) { return }
            let signed = SignedAnchor(anchor, signedBy: masterKey)
            try anchors.append(signed)
            logger.notice(
                "anchored",
                metadata: [
                    "events": "\(anchor.events)", "chain_head": "\(anchor.chainHead)",
                    "audit_entries": "\(anchor.auditEntries)", "audit_head": "\(anchor.auditHead)",
                    "signature": "\(signed.signature)",
                ]
            )
        } catch {
            logger.error("the ledger could not be anchored", metadata: ["reason": "\(error)"])
        }
    }

    package func verify() async throws -> Verification {
        let signed: [SignedAnchor]
        do {
            signed = try anchors.read()
        } catch {
            var found = try await ledger.verify()
            found.differences.append("\(anchors.path) cannot be read: a line of it is no anchor")
            return found
        }
        var found = try await ledger.verify(against: signed.map(\.anchor))
        for anchor in signed where !anchor.isSigned(by: masterKey) {
            found.differences.append("the anchor of \(anchor.at) was not signed under this master key")
        }
        return found
    }
}
