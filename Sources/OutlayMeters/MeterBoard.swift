package import OutlayCore

/// All meters of an installation, and the calls that hold parts of them.
///
/// A value without lock or clock, so that ten million random steps can be compared with an oracle; ``Meters`` owns
/// the one that counts. A call passes through ``reserve(_:at:)``, ``settle(_:reservation:isLast:)`` when it ended, and
/// ``post(_:at:)`` when the ledger has its event: only then its cost is *posted*, so that posted is the ledger's sum at
/// every moment; in between it stays *reserved*.
package struct MeterBoard: Sendable {
    var rules: [BudgetRule]
    var meters: [MeterEntry] = []
    /// The meters of each rule, by the values of the dimensions it groups by.
    var groups: [[[String]: Int]]
    var reservations: [UInt64: Reservation] = [:]
    /// Events on their way into the ledger, and what is held for them: a reservation of what they did take.
    var uncommitted: [EventID: Reservation] = [:]
    var adjustments: [Adjustment] = []
    package var allowances = AllowanceBook()
    package var suspensions: [Suspension] = []
    /// What the owner must do; taken with ``takeEffects()``.
    private(set) var effects: [BudgetEffect] = []
    private var matcher: Matcher
    /// Whether any budget sends calls to cheaper models.
    let hasDowngrades: Bool
    private var number: UInt64 = 0
    /// When which meters have to be looked at, and those the next tick looks at in any case.
    var agenda = Agenda()
    /// How many windows ended, of all meters.
    private(set) var windowsEnded: UInt64 = 0
    /// The latest time seen: a clock that is set back never opens a window again.
    private(set) var clock = Timestamp(microseconds: .min)

    /// The most meters; calls that would need one more are refused by hard budgets.
    package static let metersMax = 100_000
    /// The most effects that wait to be carried out.
    static let effectsMax = 10_000

    package init(_ budgets: [Budget] = [], zone: (String) -> (any Zone)? = { _ in nil }) {
        rules = budgets.map { BudgetRule($0, zone: zone($0.calendar.zone) ?? UTC()) }
        groups = rules.map { _ in [:] }
        matcher = Matcher(rules)
        hasDowngrades = rules.contains { !$0.downgrades.isEmpty }
    }

    package var budgets: [Budget] { rules.map(\.budget) }

    /// Whether nothing is watched, so that calls need not be estimated.
    package var isEmpty: Bool { rules.isEmpty && suspensions.isEmpty }

    /// Whether events move nothing: no budget counts them, and nothing is held for them.
    var isIdle: Bool { rules.isEmpty && uncommitted.isEmpty }

    /// Moves the clock forward, never back.
    mutating func advance(to now: Timestamp) -> Timestamp {
        clock = max(clock, now)
        return clock
    }

    mutating func nextNumber() -> UInt64 {
        number += 1
        return number
    }

    /// Reservations of `old` keep their numbers; later ones get others.
    mutating func continueNumbers(of old: MeterBoard) {
        number = max(number, old.number)
    }

    mutating func add(_ effect: BudgetEffect) {
        if effects.count < Self.effectsMax { effects.append(effect) }
    }

    /// What is to be done since the last time this was asked.
    package mutating func takeEffects() -> [BudgetEffect] {
        defer { effects = [] }
        return effects
    }

    /// The meters that a call or event with these values moves, made where there are none yet.
    ///
    /// - Returns: `nil` when a meter is needed and there is no room for one.
    mutating func match(_ service: ServiceUse, _ attribution: Attribution, at now: Timestamp) -> Match? {
        let key = matcher.key(service, attribution)
        if let known = matcher.known(key, service, attribution) { return known }
        let value = { (dimension: Dimension) in ValuePlace(dimension).value(service, attribution) }
        var slots: [Slot] = []
        for (index, rule) in rules.enumerated() where rule.isConcerned(value) {
            guard let group = rule.group(value) else { continue }
            var slot = Slot(index, rule)
            slot.isHard = rule.budget.enforcement.isHard(in: value(.environment))
            slot.isCritical = rule.isCritical(value)
            if rule.hasMeters {
                guard let meter = meter(of: index, group, at: now) else { return nil }
                slot.meter = meter
            }
            slots.append(slot)
        }
        let match = Match(
            values: matcher.values(service, attribution),
            slots: slots,
            hasThrottles: slots.contains { !rules[$0.rule].throttles.isEmpty }
        )
        matcher.remember(match, by: key)
        return match
    }

    mutating func match(_ subject: CallSubject, at now: Timestamp) -> Match? {
        match(subject.service, subject.attribution, at: now)
    }

    /// Whether a call or event with these values moves the meters of `match`.
    func isAbout(_ match: Match, _ service: ServiceUse, _ attribution: Attribution) -> Bool {
        matcher.isAbout(match, service, attribution)
    }

    /// The meter of a rule for a group; made, where there is room, when there is none.
    mutating func meter(of rule: Int, _ group: [String], at now: Timestamp) -> Int? {
        if let known = groups[rule][group] { return known }
        guard meters.count < Self.metersMax else { return nil }
        let made = rules[rule].meter(at: now)
        var entry = MeterEntry(rule: rule, group: group, meter: made, openedAt: windowsEnded)
        entry.throttles = rules[rule].throttles.map { Throttle($0.rate, at: now) }
        meters.append(entry)
        groups[rule][group] = meters.count - 1
        agenda.stir(meters.count - 1)
        return meters.count - 1
    }

    /// Makes the meters of budgets that do not group, so that they are seen before their first call.
    mutating func makeSingleMeters(at now: Timestamp) {
        for (index, rule) in rules.enumerated() where rule.hasMeters && rule.dimensions.isEmpty {
            _ = meter(of: index, [], at: now)
        }
    }

    /// Brings a meter into the window of `now`, with the limit in force.
    @inline(__always)
    mutating func refresh(_ index: Int, at now: Timestamp) {
        let isFresh = now < meters[index].limitUntil && now < meters[index].meter.window.upperBound
        if !isFresh { renew(index, at: now) }
    }

    private mutating func renew(_ index: Int, at now: Timestamp) {
        let rule = rules[meters[index].rule]
        while now >= meters[index].meter.window.upperBound {
            let limit = rule.budget.limit.amount
            let next = rule.nextWindow(after: meters[index].meter.window, now: now)
            meters[index].meter.roll(into: next, carryOver: rule.budget.carryOver, limit: limit)
            meters[index].limitUntil = now
            if !rule.isRolling {
                windowsEnded += 1
                meters[index].openedAt = windowsEnded
            }
        }
        guard now >= meters[index].limitUntil else { return }
        let concerned = adjustments.filter { $0.isAbout(rule.budget.name, meters[index].group) }
        let limit = rule.budget.limit.amount + meters[index].meter.carried
        meters[index].use(
            limit: concerned.applied(to: limit, at: now),
            until: concerned.flatMap { [$0.from, $0.until] }.filter { $0 > now }.min() ?? Timestamp(microseconds: .max),
            rule.ceilings
        )
        schedule(index, at: now)
    }

    /// Notes when time alone changes something about a meter that was brought up to `now`.
    mutating func schedule(_ index: Int, at now: Timestamp) {
        let border = min(meters[index].limitUntil, meters[index].meter.window.upperBound)
        let isNoted = meters[index].wakesAt > now && meters[index].wakesAt <= border
        guard !isNoted, border.microseconds < .max else { return }
        agenda.add(index, at: border)
        meters[index].wakesAt = border
    }

    /// Takes out what fits no longer: meters without a trace of use, and with them the remembered matches.
    mutating func forgetIdle() {
        guard meters.count > Self.metersMax / 2, reservations.isEmpty, uncommitted.isEmpty else { return }
        let kept = meters.filter { !$0.meter.isIdle || $0.group.isEmpty }
        guard kept.count < meters.count else { return }
        meters = kept
        for index in meters.indices { meters[index].wakesAt = Timestamp(microseconds: .min) }
        agenda = Agenda()
        agenda.stir(meters.indices)
        groups = rules.map { _ in [:] }
        for (index, entry) in meters.enumerated() { groups[entry.rule][entry.group] = index }
        matcher.forget()
    }

    /// Limits are asked again at the next use of each meter.
    mutating func forgetLimits() {
        for index in meters.indices { meters[index].limitUntil = Timestamp(microseconds: .min) }
        agenda.stir(meters.indices)
    }
}

extension Adjustment {
    fileprivate func isAbout(_ budget: String, _ group: [String]) -> Bool {
        self.budget == budget && (self.group.map { $0 == group } ?? true)
    }
}
