/// The table from what callers write (`X-Team`, `team.name`, `TEAM_ID`) to the dimension they mean.
///
/// Names are compared folded: ASCII letters in lower case, and `.`, `-` and `_` as one character. A
/// look-up allocates nothing, because it is made for every header of every call.
package struct Spellings: Sendable {
    private struct Entry: Sendable {
        let folded: [UInt8]
        let dimension: Dimension
        /// Listed by the operator, and therefore a header of its own without `X-` too.
        let isOwn: Bool
    }

    private var entries: [UInt64: [Entry]] = [:]
    private let hasOwn: Bool

    /// The standard spellings and those of `settings`, which win.
    package init(_ settings: TagSettings = TagSettings()) {
        hasOwn = !settings.spellings.isEmpty
        for dimension in Dimension.claimable {
            for name in Self.standard(of: dimension) { add(name, dimension, isOwn: false) }
        }
        for dimension in settings.custom { add(dimension.name, dimension, isOwn: false) }
        for (name, dimension) in settings.spellings.sorted(by: { $0.key < $1.key }) {
            add(name, dimension, isOwn: true)
        }
    }

    /// The dimension that an attribute, metadata or baggage name means; `nil` for names that are no tags.
    ///
    /// `outlay.team` and `x-outlay-team` mean `team` as well.
    package func dimension(named name: String) -> Dimension? {
        dimension(spelled: name.utf8.span)
    }

    /// The same for a name that is still bytes.
    package func dimension(spelled name: ArraySlice<UInt8>) -> Dimension? {
        dimension(spelled: name.span)
    }

    private func dimension(spelled name: Span<UInt8>) -> Dimension? {
        find(name, from: 0)?.dimension ?? find(name, from: Self.prefixCount(name))?.dimension
    }

    /// The dimension that a request header claims: `X-` and a spelling, or one of the operator's own names.
    package func dimension(header name: String) -> Dimension? {
        let bytes = name.utf8.span
        if hasOwn, let entry = find(bytes, from: 0), entry.isOwn { return entry.dimension }
        guard Self.starts(bytes, at: 0, with: Self.headerPrefix) else { return nil }
        return find(bytes, from: Self.prefixCount(bytes))?.dimension
    }

    private static let headerPrefix = "x_"
    private static let productPrefix = "outlay_"

    /// How much of `name` stands before the spelling.
    private static func prefixCount(_ name: Span<UInt8>) -> Int {
        var count = 0
        for prefix in [headerPrefix, productPrefix] where starts(name, at: count, with: prefix) {
            count += prefix.utf8.count
        }
        return count
    }

    /// Whether `name` goes on with `prefix`, which is folded, at `start`.
    private static func starts(_ name: Span<UInt8>, at start: Int, with prefix: String) -> Bool {
        let prefix = prefix.utf8.span
        guard name.count &- start >= prefix.count else { return false }
        for index in prefix.indices where folded(name[start &+ index]) != prefix[index] { return false }
        return true
    }

    private func find(_ name: Span<UInt8>, from start: Int) -> Entry? {
        entries[Self.hash(name, from: start)]?.first { Self.isSpelled(name, from: start, as: $0.folded) }
    }

    private static func isSpelled(_ name: Span<UInt8>, from start: Int, as folded: [UInt8]) -> Bool {
        guard name.count &- start == folded.count else { return false }
        for index in folded.indices where Self.folded(name[start &+ index]) != folded[index] { return false }
        return true
    }

    private mutating func add(_ name: String, _ dimension: Dimension, isOwn: Bool) {
        let folded = name.utf8.map(Self.folded)
        let hash = Self.hash(folded.span, from: 0)
        entries[hash, default: []].removeAll { $0.folded == folded }
        entries[hash, default: []].append(Entry(folded: folded, dimension: dimension, isOwn: isOwn))
    }

    /// FNV-1a over the folded bytes from `start` on.
    private static func hash(_ name: Span<UInt8>, from start: Int) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in start..<name.count { hash = (hash ^ UInt64(folded(name[index]))) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "."), UInt8(ascii: "-"): UInt8(ascii: "_")
        default: byte
        }
    }
}

extension Spellings {
    /// Every standard dimension by its name, `…_id` and `…_name`, and what else is usual.
    private static func standard(of dimension: Dimension) -> [String] {
        let usual = further[dimension, default: []]
        return ([dimension.name] + usual).flatMap { [$0, $0 + "_id", $0 + "_name"] }
    }

    private static let further: [Dimension: [String]] = [
        .environment: ["env", "deployment_environment"],
        .costCenter: ["cost_centre", "costcenter", "costcentre"],
        .user: ["end_user", "enduser"],
        .agent: ["gen_ai_agent"],
    ]
}
