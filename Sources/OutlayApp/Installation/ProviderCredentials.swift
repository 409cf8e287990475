internal import Foundation
internal import OutlayCore
internal import OutlayGateway
internal import OutlayVault

/// Turns `env:NAME`, `file:PATH` and `vault:NAME` into the providers' keys.
struct ProviderCredentials: Sendable {
    /// What the master key derives the vault's key from.
    static let purpose = "provider-key"

    var vault: [String: Secret]
    var environment = ProcessInfo.processInfo.environment

    /// Keys by upstream name; upstreams whose key is not there yet are left out and refuse calls.
    func resolve(_ upstreams: [Upstream]) -> [String: ProviderCredential] {
        var credentials: [String: ProviderCredential] = [:]
        for upstream in upstreams {
            if let key = key(of: upstream) { credentials[upstream.name] = ProviderCredential(key) }
        }
        return credentials
    }

    /// Where the key of `upstream` should come from and does not; `nil` when it is there or none is needed.
    func problem(with upstream: Upstream) -> String? {
        guard key(of: upstream) == nil else { return nil }
        switch upstream.key {
        case .client, .none: return nil
        case .environment(let name): return "the environment variable \(name) is not set"
        case .file(let path): return "the file \(path) cannot be read or is empty"
        case .vault(let name): return "no key '\(name)' is stored: outlay key store-provider \(name)"
        }
    }

    private func key(of upstream: Upstream) -> String? {
        let text: String? =
            switch upstream.key {
            case .environment(let name): environment[name]
            case .file(let path): try? String(contentsOfFile: path, encoding: .utf8)
            case .vault(let name): vault[name]?.reveal()
            case .client, .none: nil
            }
        let key = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return key.isEmpty ? nil : key
    }
}
