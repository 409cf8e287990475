internal import Foundation
internal import Logging
package import OutlayCore
internal import OutlaySQLite
package import OutlayVault
internal import OutlayWeb
internal import OutlayWire

extension Installation: Operations {
    package func zone(_ identifier: String) -> (any Zone)? {
        CivilZone(identifier)
    }

    package func unreadiness() async -> String? {
        do {
            _ = try await ledger.keys()
            return nil
        } catch {
            return "the ledger cannot be read: \(error)"
        }
    }

    package func keys() async throws -> [StoredKey] {
        ClientKeys.merged(try await ledger.keys(), with: current.configuration)
    }

    package func createKey(_ rules: KeyRules) async throws -> (StoredKey, Secret) {
        let key = ClientKey.generate()
        var random = SystemRandomNumberGenerator()
        let stored = StoredKey(
            id: "key_" + CallID(at: now(), random: &random).description.dropFirst(5),
            digest: key.digest,
            prefix: key.prefix,
            rules: rules,
            createdAt: now()
        )
        try await ledger.add(stored)
        try await takeInKeys()
        return (stored, key.secret)
    }

    package func rotateKey(_ idOrName: String, graceSeconds: Int64) async throws -> (StoredKey, Secret)? {
        guard let old = try await liveKey(idOrName) else { return nil }
        let made = try await createKey(old.rules)
        _ = try await ledger.revoke(old.id, at: now().advanced(bySeconds: graceSeconds))
        try await takeInKeys()
        return made
    }

    package func revokeKey(_ idOrName: String) async throws -> Bool {
        guard let key = try await liveKey(idOrName) else { return false }
        _ = try await ledger.revoke(key.id, at: now())
        try await takeInKeys()
        return true
    }

    package func storeProviderKey(_ secret: Secret, name: String) async throws {
        let sealed = masterKey.seal(secret, purpose: ProviderCredentials.purpose, name: name)
        try await ledger.storeSecret(sealed, name: name)
        try change { $0.providerKeys[name] = secret }
    }

    package func backup() async throws -> String {
        let path = settings.dataFolder + "/backup-\(UUID().uuidString).sqlite"
        try await ledger.backup(to: path)
        return path
    }

    package func discardBackup(_ path: String) async {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The newest key of that id or name that has not been revoked.
    private func liveKey(_ idOrName: String) async throws -> StoredKey? {
        let now = now()
        return try await ledger.keys().last { key in
            !key.isRevoked(at: now) && (key.id == idOrName || key.rules.name == idOrName)
        }
    }

    private func takeInKeys() async throws {
        let keys = try await ledger.keys()
        try change { $0.keys = keys }
    }

    /// Reads the configuration files again; on an error the running configuration stays in force.
    package func reload() async {
        do {
            let resources = try Configuration(settings).resources(logger: logger)
            let keys = await current.tokenKeys.filled(for: resources.tags.tokens, logger: logger)
            let tokenizers = try Tokenizers.read(for: resources)
            try change { state in
                state.configuration = resources
                state.tokenizers = tokenizers
                state.tokenKeys = keys
            }
            ledger.use(resources.tags)
            await governance.take(resources)
            logger.notice("took in the changed configuration")
        } catch {
            logger.error(
                "the changed configuration was not taken in; the one in force stays",
                metadata: ["reason": "\(error)"]
            )
        }
    }
}
