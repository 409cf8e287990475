internal import AsyncHTTPClient
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOFoundationCompat
internal import NIOHTTP1
internal import OutlayCore
internal import OutlayVault

/// The public keys of the issuers of tokens, as they were read last.
///
/// Nothing here happens on the way of a call: keys are read at the start, with a changed configuration, and by a
/// service every minute.
struct TokenKeyRing: Sendable {
    /// Keys from a URL are read again after this long, or a minute after a token named one that is not known.
    static let maxAgeSeconds: Int64 = 600
    /// Keys that could not be read again for this long are no longer believed.
    static let lifeSeconds: Int64 = 86_400

    private struct Entry: Sendable {
        var bytes: [UInt8]
        var keys: TokenKeys
        var readAt: Timestamp
    }

    private var entries: [TokenIssuer.KeySource: Entry] = [:]

    /// What checks the tokens of `issuers`; `nil` when there are none.
    func verifier(for issuers: [TokenIssuer]) -> TokenVerifier? {
        guard !issuers.isEmpty else { return nil }
        return TokenVerifier(issuers.map { ($0, entries[$0.keys]?.keys ?? .none) })
    }

    func hasKeys(of issuer: TokenIssuer) -> Bool {
        entries[issuer.keys] != nil
    }

    /// This ring with the keys of `issuers` that are in files and variables; those of others go.
    func filled(for issuers: [TokenIssuer], logger: Logger) async -> TokenKeyRing {
        let sources = Set(issuers.map(\.keys))
        var ring = TokenKeyRing()
        ring.entries = entries.filter { sources.contains($0.key) }
        for source in sources where source.isLocal {
            _ = await ring.read(source, at: SystemClock.now(), logger: logger)
        }
        return ring
    }

    /// Reads again what is due.
    ///
    /// - Parameter hasMissed: whether a token named a key that is not known, so that keys may have changed.
    /// - Returns: whether any keys changed.
    mutating func refresh(_ issuers: [TokenIssuer], hasMissed: Bool, at now: Timestamp, logger: Logger) async -> Bool {
        var isChanged = false
        for source in Set(issuers.map(\.keys)) {
            let age = entries[source].map { (now.microseconds - $0.readAt.microseconds) / 1_000_000 }
            let isDue = source.isLocal || hasMissed || age.map { $0 >= Self.maxAgeSeconds } ?? true
            if isDue, await read(source, at: now, logger: logger) { isChanged = true }
            if let entry = entries[source], entry.readAt.advanced(bySeconds: Self.lifeSeconds) <= now {
                entries[source] = nil
                isChanged = true
            }
        }
        return isChanged
    }

    private mutating func read(_ source: TokenIssuer.KeySource, at now: Timestamp, logger: Logger) async -> Bool {
        do {
            let bytes = try await source.bytes()
            if entries[source]?.bytes == bytes {
                entries[source]?.readAt = now
                return false
            }
            guard let keys = await TokenKeys(bytes) else {
                throw StartFailure("it is no JSON Web Key Set with an RS256, PS256, ES256 or EdDSA key and its kid")
            }
            entries[source] = Entry(bytes: bytes, keys: keys, readAt: now)
            return true
        } catch {
            logger.warning(
                "the keys of a token issuer could not be read",
                metadata: ["keys": "\(source.title)", "reason": "\(error)"]
            )
            return false
        }
    }
}

extension TokenIssuer.KeySource {
    /// Whether it is read without a network.
    fileprivate var isLocal: Bool {
        if case .url = self { false } else { true }
    }

    /// As it is written in a configuration.
    var title: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        case .url(let url): url
        }
    }

    fileprivate func bytes() async throws -> [UInt8] {
        switch self {
        case .environment(let name):
            guard let text = ProcessInfo.processInfo.environment[name] else {
                throw StartFailure("the environment variable \(name) is not set")
            }
            return Array(text.utf8)
        case .file(let path):
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            return Array(try handle.read(upToCount: TokenKeys.bytesMax) ?? Data())
        case .url(let url):
            let answer = try await APIClient.client.execute(HTTPClientRequest(url: url), timeout: .seconds(10))
            guard answer.status == .ok else { throw StartFailure("the server answered \(answer.status.code)") }
            return Array(Data(buffer: try await answer.body.collect(upTo: TokenKeys.bytesMax)))
        }
    }
}
