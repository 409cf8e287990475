internal import OutlayCore

/// Client keys: secrets live in the ledger's database, rules there or in the configuration files.
enum ClientKeys {
    /// The stored keys, with the rules of the configuration where it has a key of the same name.
    static func merged(_ stored: [StoredKey], with rules: [KeyRules]) -> [StoredKey] {
        let byName = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
        return stored.map { key in
            guard var configured = byName[key.rules.name] else { return key }
            // A rotated secret ends at its grace period, whatever the file says.
            configured.expires = [configured.expires, key.rules.expires].compactMap { $0 }.min()
            var merged = key
            merged.rules = configured
            return merged
        }
    }
}
