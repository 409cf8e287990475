internal import Foundation
internal import OutlayCore
internal import OutlayVault

/// Client keys: secrets live in the ledger's database or outside, rules there or in the configuration files.
enum ClientKeys {
    /// Every key the gateway knows.
    ///
    /// Stored keys take the rules of the configuration's key of the same name; a key whose secret the
    /// configuration itself refers to (`key: env:NAME`, `sha256`) is added to them.
    static func merged(_ stored: [StoredKey], with resources: Resources) -> [StoredKey] {
        let rules = Dictionary(resources.keys.map { ($0.name, $0) }) { first, _ in first }
        let known = stored.map { key in
            guard var configured = rules[key.rules.name] else { return key }
            // A rotated secret ends at its grace period, whatever the file says.
            configured.expires = [configured.expires, key.rules.expires].compactMap { $0 }.min()
            var merged = key
            merged.rules = configured
            return merged
        }
        return known + resources.keys.compactMap { configured($0, secret: resources.keySecrets[$0.name]) }
    }

    private static func configured(_ rules: KeyRules, secret: KeySecret?) -> StoredKey? {
        let digest: KeyDigest
        switch secret {
        case .digest(let given): digest = given
        case .environment(let name):
            guard let text = ProcessInfo.processInfo.environment[name], !text.isEmpty else { return nil }
            digest = KeyDigest(of: Array(text.utf8).span)
        case nil: return nil
        }
        return StoredKey(
            id: "config:\(rules.name)",
            digest: digest,
            prefix: "",
            rules: rules,
            createdAt: Timestamp(microseconds: 0)
        )
    }
}
