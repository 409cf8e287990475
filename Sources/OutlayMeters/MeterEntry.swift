internal import OutlayCore

/// A meter, whose it is, and what every call asks of it, worked out before.
struct MeterEntry: Sendable {
    let rule: Int
    let group: [String]
    var meter: BudgetMeter
    var throttles: [Throttle] = []
    /// The limit with what was carried over and granted; asked again from ``limitUntil`` on.
    private(set) var limit: Int128 = 0
    var limitUntil = Timestamp(microseconds: .min)
    /// How many windows of all meters had ended when this one's began: what was reserved before is not in it.
    var openedAt: UInt64
    /// When the agenda has it.
    var wakesAt = Timestamp(microseconds: .min)
    /// While what is posted is in here, no threshold is reached or left.
    var calm: Range<Int128> = 0..<0
    /// Up to where calls fit without a closer look, where the budget stops them and where it only tells.
    private var fitsHard: Int128 = .min
    private var fitsSoft: Int128 = .min

    init(rule: Int, group: [String], meter: BudgetMeter, openedAt: UInt64) {
        self.rule = rule
        self.group = group
        self.meter = meter
        self.openedAt = openedAt
    }

    mutating func use(limit: Int128, until: Timestamp, _ ceilings: CeilingRule) {
        self.limit = limit
        limitUntil = until
        fitsHard = ceilings.ceilings(limit: limit, isHard: true, isCritical: false).lowest
        fitsSoft = ceilings.ceilings(limit: limit, isHard: false, isCritical: false).lowest
        calm = 0..<0
    }

    /// Whether a call of at most `amount` passes, as is plain to see for most; the others need a closer look.
    func isPlain(_ slot: Slot, _ amount: Int128) -> Bool {
        guard !slot.isCritical, !slot.isWary || meter.inForce.isEmpty else { return false }
        return meter.posted + meter.reserved + amount <= (slot.isHard ? fitsHard : fitsSoft)
    }
}

extension Ceilings {
    /// Where the first of them stands.
    fileprivate var lowest: Int128 { min(wall ?? .max, approval ?? .max) }
}

/// A consumption, or a change of one, as every limit counts it.
struct Amounts: Sendable {
    private(set) var dollars: Int128
    private var tokens: Int128
    private var calls: Int128

    init(_ consumption: Consumption) {
        dollars = consumption.cost.picodollars
        tokens = Int128(consumption.tokens)
        calls = Int128(consumption.calls)
    }

    subscript(unit: BudgetUnit) -> Int128 {
        switch unit {
        case .dollars: dollars
        case .tokens: tokens
        case .calls: calls
        }
    }

    var isPositive: Bool { dollars > 0 || tokens > 0 || calls > 0 }

    static prefix func - (amounts: Amounts) -> Amounts {
        var negated = amounts
        negated.dollars = -amounts.dollars
        negated.tokens = -amounts.tokens
        negated.calls = -amounts.calls
        return negated
    }

    static func - (left: Amounts, right: Amounts) -> Amounts { left + -right }

    static func + (left: Amounts, right: Amounts) -> Amounts {
        var sum = left
        sum.dollars += right.dollars
        sum.tokens += right.tokens
        sum.calls += right.calls
        return sum
    }
}
