import OutlayCore

/// The usage objects of one answer, their numbers checked as they are read.
///
/// Providers send whole numbers from 0 to 10⁹. Anything else is made one or left out, and said so in
/// ``flags``: nothing a provider sends can trap or turn a cost negative.
struct UsageReport {
    /// The most of one unit a single answer can consume; more is a mistake of the sender.
    static let countMax: Int64 = 1_000_000_000

    let picks: Picks
    let asked: AskedCall
    /// Usage objects, the one that wins first.
    private let layers: [JSONDocument]
    private(set) var flags: [String] = []
    /// Whether any count was reported, be it 0.
    private(set) var hasCounts = false
    /// Whether a count was past ``countMax`` or no number at all: then none of them is believed, for what is left
    /// would be too little and look whole.
    private(set) var isUnbelievable = false

    init(_ picks: Picks, asked: AskedCall) {
        self.picks = picks
        self.asked = asked
        var layers: [JSONDocument] = []
        for delta in picks.deltas.reversed() { Self.add(delta, to: &layers) }
        Self.add(picks[.usage], to: &layers)
        Self.add(picks[.start], to: &layers)
        if picks.deltas.isEmpty, picks[.usage].isEmpty, picks[.start].isEmpty {
            Self.add(picks[.fallback], to: &layers)
        }
        self.layers = layers
    }

    private static func add(_ object: [UInt8], to layers: inout [JSONDocument]) {
        if !object.isEmpty, let document = try? JSONDocument(object) { layers.append(document) }
    }

    /// A report on one object inside another, such as one of Anthropic's iterations.
    init(_ view: JSONView, of report: UsageReport) {
        picks = report.picks
        asked = report.asked
        layers = [try? JSONDocument(Array(view.text))].compactMap(\.self)
    }

    /// The value at `path` of the newest object that has one which is not `null`.
    func value(_ path: [String]) -> JSONView? {
        for layer in layers {
            if let view = layer.value(path) { return view }
        }
        return nil
    }

    func value(_ path: String...) -> JSONView? { value(path) }

    /// The value of the member `key`, without the array that a path would be.
    func value(_ key: String) -> JSONView? {
        for layer in layers {
            if let place = layer.place(of: key) { return layer.view(at: place) }
        }
        return nil
    }

    func string(_ path: String...) -> String? { value(path)?.string }

    /// The count at `path`; `nil` where none was reported.
    mutating func count(_ path: String...) -> Int64? {
        value(path).flatMap { count(of: $0) }
    }

    /// The count of the member `key`, of the member `outer` where that is given; as the count at their path.
    mutating func count(of key: String, in outer: String? = nil) -> Int64? {
        for layer in layers {
            guard let place = layer.place(of: key, in: outer) else { continue }
            guard let count = layer.smallCount(at: place) else { return count(of: layer.view(at: place)) }
            hasCounts = true
            return count
        }
        return nil
    }

    /// Whether any object says something of the member `key`, be it no count.
    func hasValue(_ key: String, in outer: String? = nil) -> Bool {
        layers.contains { $0.place(of: key, in: outer) != nil }
    }

    /// The first of several spellings that is reported.
    mutating func count(any paths: [[String]]) -> Int64? {
        for path in paths {
            if let view = value(path) { return count(of: view) }
        }
        return nil
    }

    mutating func count(of view: JSONView) -> Int64? {
        if let count = view.smallCount {
            hasCounts = true
            return count
        }
        let text: String
        if let number = view.number {
            text = number
        } else if let string = view.string {
            text = string
            flag("string_count")
        } else {
            return disbelieve("invalid_count")
        }
        return take(CountText.parse(text))
    }

    /// Reads the number at `path` in thousandths: seconds as milliseconds, rounded up.
    mutating func thousandths(_ path: String...) -> Int64? {
        guard let number = value(path)?.number else { return nil }
        return thousandths(of: number)
    }

    mutating func thousandths(of text: String) -> Int64? {
        take(CountText.parse(text, scale: 3), isFractional: false, max: Self.countMax * 1000)
    }

    /// Says that a count is missing without which the others are not the whole: what it would count is not free.
    mutating func require(_ key: String) {
        if value(key) == nil { _ = disbelieve("missing_count") }
    }

    /// Takes over what was odd about a nested report.
    mutating func absorb(_ other: UsageReport) {
        other.flags.forEach { flag($0) }
        hasCounts = hasCounts || other.hasCounts
        isUnbelievable = isUnbelievable || other.isUnbelievable
    }

    /// Adds a word to ``flags`` once.
    mutating func flag(_ word: String) {
        if !flags.contains(word) { flags.append(word) }
    }

    private mutating func take(
        _ parsed: CountText.Parsed,
        isFractional: Bool = true,
        max: Int64 = countMax
    ) -> Int64? {
        switch parsed {
        case .none:
            return disbelieve("invalid_count")
        case .negative:
            flag("negative_count")
            hasCounts = true
            return 0
        case .value(let count, let isExact):
            if !isExact, isFractional { flag("fractional_count") }
            guard count <= max else { return disbelieve("huge_count") }
            hasCounts = true
            return count
        case .huge:
            return disbelieve("huge_count")
        }
    }

    private mutating func disbelieve(_ word: String) -> Int64? {
        flag(word)
        isUnbelievable = true
        return nil
    }
}
