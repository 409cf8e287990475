import OutlayCore

/// How one API of one family of providers says what it consumed.
///
/// A new API is a new conforming type: the paths that matter and what they mean. Framing, splitting, bounds
/// and strange numbers are dealt with around it.
protocol AnswerFlavour: SendableMetatype {
    /// Where in a document something is worth keeping.
    static var picks: [String: Pick] { get }
    /// ``picks``, made once.
    static var paths: JSONPaths { get }

    /// Called after each document of a stream, and once after a whole body.
    static func endDocument(_ picks: inout Picks)

    /// Disjoint usage, context and model from what was kept.
    static func read(_ usage: inout UsageReport, into reading: inout AnswerReading)

    /// Whether a stream without its own end sign is complete as far as it was read.
    static func isComplete(_ picks: Picks) -> Bool
}

extension AnswerFlavour {
    static func endDocument(_ picks: inout Picks) {
        picks.keepCharacters()
    }

    static func isComplete(_ picks: Picks) -> Bool {
        picks.marks.contains(.done) || (picks.marks.contains(.finished) && !picks[RawSlot.usage].isEmpty)
    }
}

/// What the call asked for, as far as its answer's meaning depends on it.
struct AskedCall: Hashable, Sendable {
    /// The price book's name of the provider.
    var provider: String
    var api: String
    var model: String?
    /// `30m` or `12h`: lifetime of cache writes that the answer does not split.
    var cacheTTL: String?
    var inputCharacters: Int?
}
