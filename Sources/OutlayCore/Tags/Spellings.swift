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
        let bytes = name.utf8
        return find(bytes[...])?.dimension ?? find(Self.withoutPrefix(bytes[...]))?.dimension
    }

    /// The same for a name that is still bytes.
    package func dimension(spelled name: ArraySlice<UInt8>) -> Dimension? {
        find(name)?.dimension ?? find(Self.withoutPrefix(name))?.dimension
    }

    /// The dimension that a request header claims: `X-` and a spelling, or one of the operator's own names.
    package func dimension(header name: String) -> Dimension? {
        let bytes = name.utf8
        if hasOwn, let entry = find(bytes[...]), entry.isOwn { return entry.dimension }
        guard bytes.starts(with: Self.headerPrefix, by: Self.isSameFolded) else { return nil }
        return find(Self.withoutPrefix(bytes[...]))?.dimension
    }

    private static let headerPrefix = Array("x-".utf8)
    private static let productPrefix = Array("outlay-".utf8)

    private static func withoutPrefix<Name: Collection<UInt8>>(_ name: Name) -> Name where Name.SubSequence == Name {
        var rest = name
        if rest.starts(with: headerPrefix, by: isSameFolded) { rest = rest.dropFirst(headerPrefix.count) }
        if rest.starts(with: productPrefix, by: isSameFolded) { rest = rest.dropFirst(productPrefix.count) }
        return rest
    }

    private func find(_ name: some Collection<UInt8>) -> Entry? {
        entries[Self.hash(name)]?.first { $0.folded.elementsEqual(name, by: Self.isSameFolded) }
    }

    private mutating func add(_ name: String, _ dimension: Dimension, isOwn: Bool) {
        let folded = name.utf8.map(Self.folded)
        let hash = Self.hash(name.utf8)
        entries[hash, default: []].removeAll { $0.folded == folded }
        entries[hash, default: []].append(Entry(folded: folded, dimension: dimension, isOwn: isOwn))
    }

    /// FNV-1a over the folded bytes.
    private static func hash(_ name: some Collection<UInt8>) -> UInt64 {
        name.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64(folded($1))) &* 0x0000_0100_0000_01b3 }
    }

    private static func isSameFolded(_ left: UInt8, _ right: UInt8) -> Bool {
        folded(left) == folded(right)
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
