package import OutlayCore

/// What the reading of telemetry keeps; everything else is dropped while the bytes are read.
///
/// Names are compared by their bytes. A `*` at the end of a name stands for any rest.
package struct AttributeInterest: Sendable {
    /// How much of a value is kept.
    package enum Keeping: Sendable {
        /// Short texts and all other values.
        case short
        /// Texts of some size as well: usage as JSON.
        case large
        /// Of a text that is JSON the top-level `id`, nothing else: the rest is what a model said.
        case id
    }

    let attributes: NameTable<Keeping>
    let bodies: NameTable<Void>
    let metrics: NameTable<Void>
    let spellings: Spellings?

    /// - Parameters:
    ///   - attributes: Names whose short values are kept.
    ///   - large: Names whose texts are kept up to ``TelemetryLimits/largeValueBytes``.
    ///   - idOnly: Names of JSON texts of which the `id` is kept.
    ///   - bodies: Texts of log bodies that are kept where they are the whole body; no `*` here.
    ///   - metrics: Names of metrics whose points are read; all others are skipped in silence.
    ///   - spellings: Attributes spelled like a tag are kept too.
    package init(
        attributes: [String],
        large: [String] = [],
        idOnly: [String] = [],
        bodies: [String] = [],
        metrics: [String] = [],
        spellings: Spellings? = nil
    ) {
        self.attributes = NameTable(
            attributes.map { ($0, .short) } + large.map { ($0, .large) } + idOnly.map { ($0, .id) }
        )
        self.bodies = NameTable(bodies.map { ($0, ()) })
        self.metrics = NameTable(metrics.map { ($0, ()) })
        self.spellings = spellings
    }
}

/// An attribute somebody wants: its name as it is kept, and how much of its value.
struct WantedName: Sendable {
    let name: String
    let keeping: AttributeInterest.Keeping
}

extension AttributeInterest {
    /// Attribute names longer than this are nobody's.
    static let nameBytesMax = 256

    /// Whether the points of a metric of this name are read; without a name they are nobody's.
    func wantsMetric(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= Self.nameBytesMax else { return false }
        return metrics.name(hashed: StableHash.of(bytes, range)) != nil || metrics.beginning(of: bytes, range) != nil
    }

    /// The text of a log body where it is one of those asked for.
    func body(_ bytes: RawSpan, _ range: Range<Int>) -> String? {
        guard range.count <= bodies.longest, !range.isEmpty else { return nil }
        return bodies.name(hashed: StableHash.of(bytes, range))?.name
    }
}
