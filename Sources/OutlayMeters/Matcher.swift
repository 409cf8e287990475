internal import OutlayCore

/// One budget that a call counts in: without references, because every call goes through all of its slots.
struct Slot: Hashable, Sendable {
    let rule: Int
    /// The index of its meter; -1 for a cap per call.
    var meter = -1
    let unit: BudgetUnit
    /// Whether thresholds in force may stand in the way of calls that the limit lets pass.
    let isWary: Bool
    var isHard = true
    var isCritical = false

    init(_ index: Int, _ rule: BudgetRule) {
        self.rule = index
        unit = rule.unit
        isWary = rule.hasForecasts || !rule.throttles.isEmpty
    }
}

/// The budgets that all calls with the same values count in.
///
/// A class, so that a reservation keeps it by one reference.
final class Match: Sendable {
    /// The values of the watched dimensions.
    fileprivate let values: [String?]
    let slots: [Slot]
    let hasThrottles: Bool

    init(values: [String?], slots: [Slot], hasThrottles: Bool) {
        self.values = values
        self.slots = slots
        self.hasThrottles = hasThrottles
    }
}

/// Remembers which budgets concern which values, so that a call is matched by one look-up.
struct Matcher: Sendable {
    private let watched: [ValuePlace]
    private var matches: [Int: Match] = [:]

    /// The most combinations that are remembered.
    private static let countMax = 16_384

    init(_ rules: [BudgetRule]) {
        watched = Set(rules.flatMap(\.watched)).sorted().map(ValuePlace.init)
    }

    /// What the match of such a call is remembered by.
    func key(_ service: ServiceUse, _ attribution: Attribution) -> Int {
        var hasher = Hasher()
        for place in watched { hasher.combine(place.value(service, attribution)) }
        return hasher.finalize()
    }

    func values(_ service: ServiceUse, _ attribution: Attribution) -> [String?] {
        watched.map { $0.value(service, attribution) }
    }

    func known(_ key: Int, _ service: ServiceUse, _ attribution: Attribution) -> Match? {
        guard let match = matches[key], isAbout(match, service, attribution) else { return nil }
        return match
    }

    /// Whether `match` is the one of calls with these values.
    func isAbout(_ match: Match, _ service: ServiceUse, _ attribution: Attribution) -> Bool {
        guard match.values.count == watched.count else { return false }
        for index in watched.indices where watched[index].value(service, attribution) != match.values[index] {
            return false
        }
        return true
    }

    mutating func remember(_ match: Match, by key: Int) {
        if matches.count >= Self.countMax { matches.removeAll(keepingCapacity: true) }
        matches[key] = match
    }

    mutating func forget() {
        matches = [:]
    }
}
