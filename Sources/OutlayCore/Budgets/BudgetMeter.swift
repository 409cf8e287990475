/// The running state of one budget in one period: what was consumed, and what is set aside for calls in flight.
///
/// A call is paid in two steps, because its price is known only when it ends. ``hold(_:)`` sets aside the most it can
/// take; when it is booked, that is given back and ``post(_:at:)`` counts what it did take.
///
/// The meter does no I/O and knows no clock: its owner rolls it into the next window and carries out the effects it
/// returns. All amounts are in the unit of the budget's limit.
package struct BudgetMeter: Hashable, Sendable {
    package private(set) var window: Range<Timestamp>
    /// Consumed in the window, as the ledger has it.
    package private(set) var posted: Int128 = 0
    /// Set aside for calls of this window that are in flight; 0 at rest.
    package private(set) var reserved: Int128 = 0
    /// What the periods before left over, on top of the limit.
    package private(set) var carried: Int128 = 0
    /// Thresholds that were announced in this window.
    package private(set) var announced = ThresholdSet()
    /// Thresholds whose actions are in force.
    package private(set) var inForce = ThresholdSet()
    /// Consumed in the windows before, the oldest first; kept for budgets that carry over.
    private var history: [Int128] = []
    /// Consumed by calls that claim to be of the next window, which their clock reached before ours.
    private var ahead: Int128 = 0
    private var rolling: RollingSum?

    package init(window: Range<Timestamp>, rollingSeconds: Int64? = nil) {
        self.window = window
        rolling = rollingSeconds.map(RollingSum.init)
    }

    /// Seconds of the slices that a rolling sum forgets at a time.
    package static func sliceSeconds(ofRolling seconds: Int64) -> Int64 {
        RollingSum.width(seconds: seconds) / 1_000_000
    }

    /// Whether nothing would be lost by forgetting the meter.
    package var isIdle: Bool {
        posted == 0 && reserved == 0 && ahead == 0 && history.isEmpty && announced.isEmpty && inForce.isEmpty
    }

    /// Goes on into `next`; what is still reserved belongs to the window that ends.
    ///
    /// - Parameter carryOver: how the new window gets what this one left of `limit`; `nil` for budgets that do not.
    package mutating func roll(into next: Range<Timestamp>, carryOver: CarryOver?, limit: Int128) {
        if rolling != nil {
            window = next
            rolling?.advance(to: next.lowerBound)
            posted = rolling?.sum ?? 0
            return
        }
        if let carryOver {
            history = (history + [posted]).suffix(CarryOver.periodsMax)
            carried = carryOver.carried(limit: limit, posted: history)
        }
        window = next
        posted = ahead
        (ahead, reserved) = (0, 0)
        announced = ThresholdSet()
        inForce = ThresholdSet()
    }

    // MARK: - Calls

    /// Sets `change` more aside for calls of this window, or gives back where it is negative.
    ///
    /// What was set aside before the window began is gone with the window before; its owner gives none of it back.
    package mutating func hold(_ change: Int128) {
        reserved += change
        assert(reserved >= 0, "more was given back than was set aside")
    }

    /// Counts what an event of `time` consumed; a correction may be negative.
    ///
    /// Windows that are over do not change any more; see ``postLate(_:periodsAgo:carryOver:limit:)``.
    package mutating func post(_ amount: Int128, at time: Timestamp) {
        if rolling != nil {
            rolling?.add(amount, at: time)
            posted = rolling?.sum ?? 0
        } else if time >= window.upperBound {
            ahead += amount
        } else if time >= window.lowerBound {
            posted += amount
        }
    }

    /// Counts an event that came after its period was over: it changes only what was carried over from then.
    package mutating func postLate(_ amount: Int128, periodsAgo: Int, carryOver: CarryOver, limit: Int128) {
        guard periodsAgo > 0, periodsAgo <= CarryOver.periodsMax else { return }
        while history.count < periodsAgo { history.insert(0, at: 0) }
        history[history.count - periodsAgo] += amount
        carried = carryOver.carried(limit: limit, posted: history)
    }

    // MARK: - Thresholds

    package enum Effect: Hashable, Sendable {
        /// The threshold of that index was reached, for the first time in this window.
        case reached(Int)
        /// The threshold is no longer in force: a correction or a grant made room.
        case left(Int)
    }

    /// Compares with the thresholds of a budget whose limit is now `limit`, the carried part included.
    package mutating func evaluate(_ thresholds: [Threshold], limit: Int128, at now: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        for (index, threshold) in thresholds.enumerated() {
            let value = threshold.basis == .actual ? posted : Forecast.linear(posted, in: window, at: now)
            if threshold.isReached(by: value, of: limit) {
                inForce.insert(index)
                if announced.insert(index) { effects.append(.reached(index)) }
            } else if inForce.contains(index), threshold.isLeft(by: value, of: limit) {
                inForce.remove(index)
                // A rolling window has no end at which everything could be announced anew.
                if rolling != nil { announced.remove(index) }
                effects.append(.left(index))
            }
        }
        return effects
    }

    /// The amounts between which ``evaluate(_:limit:at:)`` finds nothing, as the thresholds stand after it.
    ///
    /// Empty where looking alone tells: forecasts move with the time, and a limit of 0 has no percentages.
    package func calm(_ thresholds: [Threshold], limit: Int128) -> Range<Int128> {
        guard limit > 0 else { return 0..<0 }
        var (lower, upper) = (Int128.min, Int128.max)
        for (index, threshold) in thresholds.enumerated() {
            let isInForce = inForce.contains(index)
            let percent = isInForce ? threshold.percent - Threshold.hysteresis : threshold.percent
            let (product, overflow) = limit.multipliedReportingOverflow(by: Int128(max(percent, 0)))
            guard threshold.basis == .actual, !overflow, product <= .max - 99 else { return 0..<0 }
            let border = (product + 99) / 100
            if isInForce { lower = max(lower, border) } else { upper = min(upper, border) }
        }
        return lower < upper ? lower..<upper : 0..<0
    }

    /// Takes note of what an earlier process already announced in this window.
    package mutating func wasAnnounced(_ index: Int) {
        announced.insert(index)
    }
}

/// Some of a budget's thresholds, by their index.
package struct ThresholdSet: Hashable, Sendable {
    private var bits: UInt64 = 0

    /// The most thresholds of one budget.
    package static let countMax = 32

    package init() {}

    package var isEmpty: Bool { bits == 0 }

    package func contains(_ index: Int) -> Bool {
        index < 64 && bits & (1 << UInt64(index)) != 0
    }

    /// - Returns: whether it was not in the set.
    @discardableResult
    mutating func insert(_ index: Int) -> Bool {
        let isNew = !contains(index)
        if index < 64 { bits |= 1 << UInt64(index) }
        return isNew
    }

    mutating func remove(_ index: Int) {
        if index < 64 { bits &= ~(1 << UInt64(index)) }
    }
}

/// A sum over the last so many seconds, in slices that leave it as a whole when they are wholly too old.
///
/// It never forgets too early: at most one slice's width too much is counted.
struct RollingSum: Hashable, Sendable {
    private let width: Int64
    private var slices: [(index: Int64, amount: Int128)] = []
    private(set) var sum: Int128 = 0
    private var oldest: Int64 = .min

    init(seconds: Int64) {
        width = Self.width(seconds: seconds)
    }

    /// Microseconds of a slice: about a hundredth of the window, in whole minutes, or quarter hours from a day on.
    static func width(seconds: Int64) -> Int64 {
        let grain: Int64 = seconds < 86_400 ? 60 : 900
        return max(1, (seconds / 96 + grain - 1) / grain) * grain * 1_000_000
    }

    mutating func add(_ amount: Int128, at time: Timestamp) {
        let index = CivilDate.floorDivide(time.microseconds, width)
        guard index >= oldest else { return }
        sum += amount
        if let place = slices.lastIndex(where: { $0.index <= index }) {
            if slices[place].index == index {
                slices[place].amount += amount
            } else {
                slices.insert((index, amount), at: place + 1)
            }
        } else {
            slices.insert((index, amount), at: 0)
        }
    }

    /// Forgets the slices that end at or before `start`.
    mutating func advance(to start: Timestamp) {
        oldest = max(oldest, CivilDate.floorDivide(start.microseconds, width))
        while let first = slices.first, first.index < oldest {
            sum -= first.amount
            slices.removeFirst()
        }
    }

    static func == (left: RollingSum, right: RollingSum) -> Bool {
        left.width == right.width && left.slices.elementsEqual(right.slices, by: ==)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(sum)
    }
}
