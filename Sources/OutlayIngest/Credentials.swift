internal import Foundation

/// Reads the keys a request may carry, as exporters and their guides write them.
package enum Credentials {
    /// Fields that hold a bare key.
    package static let keyFields = ["x-api-key", "x-outlay-key"]

    private static let most = 4096

    /// - Parameters:
    ///   - bare: the values of ``keyFields``.
    ///   - authorization: the values of `Authorization`.
    /// - Returns: every text that may be a key, without repetitions; at most eight.
    package static func candidates(bare: [String], authorization: [String]) -> [String] {
        var found: [String] = []
        for text in bare + authorization.flatMap(keys) {
            let key = text.trimmingCharacters(in: .whitespaces)
            guard !key.isEmpty, key.utf8.count <= most, !found.contains(key) else { continue }
            found.append(key)
        }
        return Array(found.prefix(8))
    }

    /// `Bearer KEY`, `Basic` with the key as its password or its user (Langfuse's secret and public key), or `KEY`.
    private static func keys(in authorization: String) -> [String] {
        // OTEL_EXPORTER_OTLP_HEADERS is percent-encoded by its specification, and not decoded by every exporter.
        let text = authorization.replacing("%20", with: " ", maxReplacements: 1)
        guard let space = text.firstIndex(of: " ") else { return [text] }
        let rest = text[text.index(after: space)...].trimmingCharacters(in: .whitespaces)
        switch text[..<space].lowercased() {
        case "bearer": return [rest]
        case "basic":
            guard rest.utf8.count <= most, let data = Data(base64Encoded: rest) else { return [] }
            let pair = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
            return pair.reversed().map(String.init)
        default: return []
        }
    }
}
