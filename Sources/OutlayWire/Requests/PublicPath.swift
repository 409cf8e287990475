/// Which upstream a path of the gateway reaches, and what is asked of it.
package struct PublicPath: Hashable, Sendable {
    package enum Problem: Error, Hashable, Sendable {
        /// `..`, control characters, a backslash, an encoded slash or dot: never forwarded.
        case unsafe
        /// No upstream is named and none can be guessed.
        case unknown
    }

    /// The configured upstream's name.
    package var upstream: String
    /// The rest, without the query, beginning with `/`.
    package var path: String

    package init(upstream: String, path: String) {
        self.upstream = upstream
        self.path = path
    }

    /// Resolves `path`, which is as the client sent it, without the query.
    ///
    /// `/openai/…`, `/anthropic/…`, `/gemini/…` and `/u/NAME/…` name the upstream. Without a prefix `/v1/messages`
    /// and whatever carries `anthropic-version` is Anthropic's, `/v1beta/…` and `/v1/models/M:generateContent` (and
    /// its like) Gemini's, other `/v1/…` OpenAI's.
    package init(_ path: String, hasAnthropicVersion: Bool) throws(Problem) {
        guard PathText.isSafe(path) else { throw .unsafe }
        let segments = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let first = segments.first else { throw .unknown }
        switch first {
        case "openai", "anthropic", "gemini":
            self.init(upstream: String(first), path: PathText.joined(segments.dropFirst()))
        case "u":
            guard segments.count > 1 else { throw .unknown }
            self.init(upstream: PathText.decoded(segments[1]), path: PathText.joined(segments.dropFirst(2)))
        case "v1" where hasAnthropicVersion || (segments.count > 1 && segments[1] == "messages"):
            self.init(upstream: "anthropic", path: PathText.joined(segments[...]))
        case "v1beta", "v1alpha":
            self.init(upstream: "gemini", path: PathText.joined(segments[...]))
        case "v1" where Self.isGeminiVerb(segments.last):
            self.init(upstream: "gemini", path: PathText.joined(segments[...]))
        case "v1":
            self.init(upstream: "openai", path: PathText.joined(segments[...]))
        default:
            throw .unknown
        }
    }

    /// The path to request at an upstream whose base URL has the path `base`.
    ///
    /// Where `base` ends with the version that the path begins with, it is said once: `/v1` + `/v1/models` is
    /// `/v1/models`.
    package static func join(base: String, path: String) -> String {
        let baseSegments = base.split(separator: "/")
        let segments = path.split(separator: "/")[...]
        let isDoubled = baseSegments.last.map { $0 == segments.first && isVersion($0) } ?? false
        let joined = baseSegments + (isDoubled ? segments.dropFirst() : segments)
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return PathText.joined(joined[...]) + (isFolder ? "/" : "")
    }

    /// Whether a path's last part ends in one of Gemini's verbs; OpenAI has colons in names of models, never these.
    private static func isGeminiVerb(_ segment: Substring?) -> Bool {
        guard let segment, let colon = segment.lastIndex(of: ":") else { return false }
        return [
            "generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents",
            "batchGenerateContent", "predict", "predictLongRunning",
        ].contains(segment[segment.index(after: colon)...])
    }

    private static func isVersion(_ segment: Substring) -> Bool {
        let rest = segment.dropFirst()
        return segment.first == "v" && (rest.first?.isNumber ?? false)
    }
}

/// Paths as text: what is safe to forward, and percent encoding.
enum PathText {
    /// Whether no part of `path` can mean another one to the provider than to us.
    ///
    /// An encoded slash is part of a name (Bedrock's ARNs have them) as long as nothing between slashes, encoded
    /// or not, once decoded or twice, is a step up.
    static func isSafe(_ path: String) -> Bool {
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= 4096 else { return false }
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
        guard path.utf8.contains(UInt8(ascii: "%")) else { return isPlain(Array(path.utf8)) }
        guard let once = decodedBytes(path[...]) else { return false }
        let decoded = String(decoding: once, as: UTF8.self)
        guard let twice = decodedBytes(decoded[...]) else { return isPlain(once) }
        return isPlain(once) && isPlain(twice)
    }

    /// Whether no character controls anything and nothing between slashes is one dot or two.
    private static func isPlain(_ path: [UInt8]) -> Bool {
        let slash = UInt8(ascii: "/")
        let dot = UInt8(ascii: ".")
        var dots: Int? = 0
        for byte in path + [slash] {
            guard byte >= 0x20, byte != 0x7F, byte != UInt8(ascii: "\\") else { return false }
            switch byte {
            case slash:
                if dots == 1 || dots == 2 { return false }
                dots = 0
            case dot: dots = dots.map { $0 + 1 }
            default: dots = nil
            }
        }
        return true
    }

    static func joined(_ segments: ArraySlice<Substring>) -> String {
        segments.isEmpty ? "/" : segments.reduce(into: "") { $0 += "/" + $1 }
    }

    /// `segment` with percent escapes resolved; as it is where they are broken.
    static func decoded(_ segment: Substring) -> String {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return String(segment) }
        return decodedBytes(segment).map { String(decoding: $0, as: UTF8.self) } ?? String(segment)
    }

    private static func decodedBytes(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
