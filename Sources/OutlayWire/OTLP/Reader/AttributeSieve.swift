internal import OutlayCore

/// Decides which attributes are kept, and gathers those of one record.
///
/// Remembers what it decided about names, because the records of a request are much alike.
struct AttributeSieve {
    private struct Decision {
        let hash: UInt128
        let wanted: WantedName?
    }

    private static let remembered = 256

    let interest: AttributeInterest
    let limits: TelemetryLimits
    private var decisions: [Decision?] = []
    /// Bytes of a text whose escapes are resolved, or of a name; used again and again.
    var scratch: [UInt8] = []

    init(interest: AttributeInterest, limits: TelemetryLimits) {
        self.interest = interest
        self.limits = limits
    }

    /// What is kept of the attribute whose name is `bytes[range]`; `hash` is the name's.
    ///
    /// Without a name it is nobody's.
    mutating func wanted(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        hash: UInt128
    ) throws(TelemetryReadError) -> WantedName? {
        guard !range.isEmpty else { return nil }
        if let (name, keeping) = interest.attributes.name(hashed: hash) {
            return WantedName(name: name, keeping: keeping)
        }
        let slot = Int(truncatingIfNeeded: hash) & (Self.remembered - 1)
        if !decisions.isEmpty, let decision = decisions[slot], decision.hash == hash { return decision.wanted }
        let wanted = try decide(bytes, range)
        if decisions.isEmpty { decisions = Array(repeating: nil, count: Self.remembered) }
        decisions[slot] = Decision(hash: hash, wanted: wanted)
        return wanted
    }

    private mutating func decide(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(TelemetryReadError) -> WantedName? {
        guard range.count <= AttributeInterest.nameBytesMax, let keeping = keeping(bytes, range) else { return nil }
        return WantedName(name: try bytes.text(in: range), keeping: keeping)
    }

    private mutating func keeping(_ bytes: RawSpan, _ range: Range<Int>) -> AttributeInterest.Keeping? {
        if let keeping = interest.attributes.beginning(of: bytes, range) { return keeping }
        guard let spellings = interest.spellings else { return nil }
        scratch.removeAll(keepingCapacity: true)
        _ = scratch.append(bytes, range, limit: AttributeInterest.nameBytesMax)
        return spellings.dimension(spelled: scratch[...]) == nil ? nil : .short
    }

    /// The most bytes of a text that are kept.
    func textLimit(_ keeping: AttributeInterest.Keeping) -> Int {
        keeping == .short ? limits.valueBytes : limits.largeValueBytes
    }
}

/// The attributes of one record while they are read.
struct AttributeGathering {
    private let limits: TelemetryLimits
    private var count = 0
    private(set) var attributes = Attributes()

    init(_ limits: TelemetryLimits) { self.limits = limits }

    /// Begins the next record; the room is used again.
    mutating func begin() {
        attributes.entries.removeAll(keepingCapacity: true)
        attributes.fingerprint = 0
        count = 0
    }

    /// Every attribute passes here; only the wanted ones have an entry.
    mutating func add(_ pair: UInt128, _ entry: Attributes.Entry?) {
        count &+= 1
        attributes.fingerprint &+= pair
        if let entry, attributes.entries.count <= limits.keptAttributes { attributes.entries.append(entry) }
    }

    var isTooLong: Bool { count > limits.attributes || attributes.entries.count > limits.keptAttributes }

    /// The attributes of a resource or scope, which every record below it needs.
    func shared() throws(TelemetryReadError) -> Attributes {
        guard isTooLong else { return attributes }
        throw .tooManyAttributes(limit: count > limits.attributes ? limits.attributes : limits.keptAttributes)
    }
}

extension StableHash {
    /// The beginning of the hash of an attribute: of its name, by the name's own hash.
    init(pairOf name: UInt128) {
        self.init()
        add(name)
    }
}
