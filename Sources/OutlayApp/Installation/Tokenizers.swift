internal import Foundation
internal import OutlayCore
internal import OutlayWire

/// Reads the vocabularies that a configuration estimates tokens with.
enum Tokenizers {
    /// By their path, each file once.
    static func read(for resources: Resources) throws(StartFailure) -> [String: Tokenizer] {
        var tokenizers: [String: Tokenizer] = [:]
        for upstream in resources.upstreams {
            for estimate in upstream.estimates {
                guard case .tokenizer(let path) = estimate.measure, tokenizers[path] == nil else { continue }
                tokenizers[path] = try read(path, for: upstream.name)
            }
        }
        return tokenizers
    }

    private static func read(_ path: String, for upstream: String) throws(StartFailure) -> Tokenizer {
        let url = URL(filePath: path)
        let name = url.deletingPathExtension().lastPathComponent
        do {
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            let bytes = try handle.read(upToCount: Tokenizer.fileBytesMax + 1) ?? Data()
            return try Tokenizer(name: String(name.prefix(64)), ranks: Array(bytes))
        } catch {
            throw StartFailure(
                "upstream '\(upstream)': the tokenizer \(path) cannot be used: \(error)",
                fault: .configuration
            )
        }
    }
}
