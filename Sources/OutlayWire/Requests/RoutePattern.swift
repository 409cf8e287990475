/// A path without version prefixes, so that `/v1/x`, `/x` and `/openai/v1/x` are one.
struct RoutePath {
    let segments: ArraySlice<Substring>
    /// Whether it stands directly below `/api`: `/api/chat`, but not `/api/v1/chat`.
    let isBelowAPI: Bool

    init(_ path: String) {
        let all = path.split(separator: "/")
        let start = all.firstIndex { !Self.prefixes.contains($0) } ?? all.endIndex
        segments = all[start...]
        isBelowAPI = start > 0 && all.indices.contains(start - 1) && all[start - 1] == Self.api
    }

    static let api = "api"

    private static let prefixes: Set<Substring> = [
        "v1", "v1beta", "v1alpha", "v1beta1", "v1beta2", "v2", "api", "openai", "anthropic",
    ]
}

/// Which paths a row of a ``RouteTable`` is about.
///
/// Parts stand between slashes: a word; `*`, any one; `{model}`, any one, which is the model's name; `**`, any number
/// of them, as the first or the last part. The last part can also be `{model}:word`, a model and what is done with it,
/// or `*word`, whatever ends so. A pattern that begins with `api/` wants that prefix, and has nothing that varies.
struct RoutePattern: Sendable {
    private enum Part: Equatable, Sendable {
        case word(String)
        case any
        case model
        case modelAction(String)
        case ending(String)

        init(_ text: Substring) {
            if text == "*" {
                self = .any
            } else if text == "{model}" {
                self = .model
            } else if text.hasPrefix("{model}:") {
                self = .modelAction(String(text.dropFirst("{model}:".count)))
            } else if text.hasPrefix("*") {
                self = .ending(String(text.dropFirst()))
            } else {
                self = .word(String(text))
            }
        }

        var example: String {
            switch self {
            case .word(let word): word
            case .any, .model: "x"
            case .modelAction(let action): "x:\(action)"
            case .ending(let ending): "x\(ending)"
            }
        }
    }

    struct Match {
        var model: String?
    }

    let text: String
    private let parts: [Part]
    private let hasAnyStart: Bool
    private let hasAnyEnd: Bool

    init(_ text: String) {
        self.text = text
        var parts = text.split(separator: "/")[...]
        hasAnyStart = parts.first == "**"
        if hasAnyStart { parts = parts.dropFirst() }
        hasAnyEnd = parts.last == "**"
        if hasAnyEnd { parts = parts.dropLast() }
        self.parts = parts.map(Part.init)
    }

    /// The one path it is about; `nil` where something varies.
    var plain: String? {
        let isPlain = parts.allSatisfy { if case .word = $0 { true } else { false } }
        return isPlain && !hasAnyStart && !hasAnyEnd ? text : nil
    }

    /// A path that it is about.
    var example: String {
        let version = parts.first == .word(RoutePath.api) ? [] : ["v1"]
        let start = version + (hasAnyStart ? ["x"] : [])
        return "/" + (start + parts.map(\.example) + (hasAnyEnd ? ["x"] : [])).joined(separator: "/")
    }

    /// `nil` for a path it is not about.
    func match(_ path: RoutePath) -> Match? {
        var segments = path.segments
        if hasAnyStart { segments = segments.suffix(parts.count) }
        if hasAnyEnd { segments = segments.prefix(parts.count) }
        guard segments.count == parts.count else { return nil }
        var match = Match()
        for (segment, part) in zip(segments, parts) {
            switch part {
            case .word(let word): guard segment == word else { return nil }
            case .any: continue
            case .model: match.model = PathText.decoded(segment)
            case .ending(let ending): guard segment.hasSuffix(ending) else { return nil }
            case .modelAction(let action):
                guard let colon = segment.lastIndex(of: ":"), segment[segment.index(after: colon)...] == action
                else { return nil }
                match.model = PathText.decoded(segment[..<colon])
            }
        }
        return match
    }
}
