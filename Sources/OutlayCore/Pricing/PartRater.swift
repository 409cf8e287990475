/// Rates the parts of one call and gathers their lines.
struct PartRater {
    let time: Timestamp
    let api: String
    private var lines: [CostLine] = []
    private var unpriced: [UsageUnit] = []
    /// Whether some part's model is not in the book, which leaves its price unknown even where nothing was counted.
    private var hasUnknownModel = false

    init(time: Timestamp, api: String) {
        self.time = time
        self.api = api
    }

    consuming func rating(version: String) -> Rating {
        let isWhole = unpriced.isEmpty && !hasUnknownModel
        let state: Rating.State = isWhole ? .rated : lines.isEmpty ? .unpriced : .partial
        return Rating(lines: lines, state: state, version: version, unpriced: unpriced)
    }

    /// Adds the lines of one part; what has no rate is added to the unpriced units.
    mutating func rate(_ part: UsagePart, model name: String?, on shelf: BookShelf?, in context: RatingContext) {
        guard let name, let shelf, let found = shelf.find(name, at: time),
            let index = found.model.priceIndex(at: time)
        else {
            hasUnknownModel = true
            return part.usage.counts.forEach { markUnpriced($0.unit) }
        }
        let rates = PartRates(found, price: index, context: context, usage: part.usage, at: time)
        let rule = found.provider.apis.firstIndex { $0.api == api }
        let start = lines.count
        lines.reserveCapacity(start + part.usage.counts.count)
        for count in part.usage.counts {
            let unit = rule.flatMap { found.provider.apis[$0].countsAs[count.unit] } ?? count.unit
            if !found.provider.free.isEmpty, found.provider.free.contains(unit) { continue }
            if let rule, found.provider.apis[rule].free.contains(unit) { continue }
            if let (billed, rate) = rates.rate(for: unit) {
                let label = part.label ?? rates.label(of: billed)
                let line = CostLine(
                    unit: billed,
                    label: label,
                    model: found.model.name,
                    quantity: count.count,
                    listRate: rate
                )
                add(line, since: start)
            } else {
                markUnpriced(count.unit)
            }
        }
        if !found.model.minimums.isEmpty { raise(from: start, to: found.model.minimums) }
        if !shelf.discounts.isEmpty { discount(from: start, by: shelf.discounts, name: name, model: found.model.name) }
    }

    /// Adds `line` in the place it is shown in, or its quantity to the part's line of the same unit.
    private mutating func add(_ line: CostLine, since start: Int) {
        let rank = line.unit.rank
        var place = lines.count
        for index in start..<lines.count {
            if lines[index].unit == line.unit {
                let (sum, overflow) = lines[index].quantity.addingReportingOverflow(line.quantity)
                lines[index].quantity = overflow ? .max : sum
                return
            }
            if place == lines.count, rank < lines[index].unit.rank { place = index }
        }
        lines.insert(line, at: place)
    }

    private mutating func raise(from start: Int, to minimums: [UsageUnit: Int64]) {
        for index in start..<lines.count where lines[index].quantity > 0 {
            lines[index].quantity = max(lines[index].quantity, minimums[lines[index].unit] ?? 0)
        }
    }

    private mutating func discount(from start: Int, by discounts: [Discount], name: String, model: String) {
        guard let discount = discounts.first(where: { $0.holds(for: name, or: model, at: time) }) else { return }
        for index in start..<lines.count {
            lines[index].rate = discount.rate(of: lines[index].unit, list: lines[index].listRate)
        }
    }

    private mutating func markUnpriced(_ unit: UsageUnit) {
        if !unpriced.contains(unit) { unpriced.append(unit) }
    }
}

/// The rates that hold for one part, and which unit stands in for one without a rate.
struct PartRates {
    /// `nil` when the mode has no published price.
    private let tokens: [UsageUnit: Rate]?
    private let fees: [UsageUnit: Rate]
    private let commonFees: [UsageUnit: Rate]
    private let factor: Ratio
    private let isCommitted: Bool

    /// Marks the lines of a call that committed capacity pays for.
    static let committed = "committed"

    init(_ found: ShelfModel, price index: Int, context: RatingContext, usage: Usage, at time: Timestamp) {
        let isOwn = found.model.prices[index].isOwn
        let circumstances = isOwn ? .plain : found.circumstances(in: context)
        tokens =
            circumstances.isUnknown
            ? nil
            : found.model.prices[index].rates(
                mode: circumstances.mode,
                at: time,
                promptTokens: Self.promptTokens(of: usage)
            )
        fees = found.model.prices[index].fees
        commonFees = found.provider.fees
        factor = circumstances.factor
        isCommitted = circumstances.isCommitted
    }

    func label(of unit: UsageUnit) -> String? {
        isCommitted && isToken(unit) ? Self.committed : nil
    }

    /// The unit that `unit` is billed as and its rate; `nil` when no price is known.
    func rate(for unit: UsageUnit) -> (unit: UsageUnit, rate: Rate)? {
        if isCommitted, isToken(unit) { return (unit, .free) }
        if let tokens {
            if let rate = tokens[unit] { return (unit, uplifted(rate)) }
            if let fallback = Self.fallback(for: unit, in: tokens), let rate = tokens[fallback] {
                return (fallback, uplifted(rate))
            }
        }
        return (fees[unit] ?? commonFees[unit]).map { (unit, $0) }
    }

    private func uplifted(_ rate: Rate) -> Rate {
        factor == .one ? rate : rate.scaled(by: factor)
    }

    private func isToken(_ unit: UsageUnit) -> Bool {
        (unit.isPromptToken || unit.rank == 3) && fees[unit] == nil && commonFees[unit] == nil
    }

    /// The unit whose rate holds for one that has none of its own.
    ///
    /// Cached tokens without a cached rate bill as input, of their modality where that is priced. Written tokens bill
    /// as input only where the model has no rate for any lifetime: one lifetime never stands in for another.
    private static func fallback(for unit: UsageUnit, in rates: [UsageUnit: Rate]) -> UsageUnit? {
        switch unit {
        case .inputAudio, .inputImage, .inputVideo: return .input
        case .outputAudio, .outputImage, .outputReasoning, UsageUnit("output_video"): return .output
        default: break
        }
        if unit.rank == 1 {
            let modality = unit.name.dropFirst("cache_read".count)
            let candidates = [UsageUnit.cacheRead, UsageUnit("input\(modality)"), .input]
            return candidates.first { rates[$0] != nil }
        }
        return unit.rank == 2 && !rates.keys.contains { $0.rank == 2 } ? .input : nil
    }

    /// As ``Usage/promptTokens``, but never beyond the largest number.
    private static func promptTokens(of usage: Usage) -> Int64 {
        var sum: Int64 = 0
        for count in usage.counts where count.unit.isPromptToken {
            let (next, overflow) = sum.addingReportingOverflow(count.count)
            if overflow { return .max }
            sum = next
        }
        return sum
    }
}

extension UsageUnit {
    /// Where a line of this unit stands among the others: input 0, cached 1, written 2, output 3, fees 4.
    var rank: Int {
        switch name.utf8.first {
        case UInt8(ascii: "i"): name.hasPrefix("input") ? 0 : 4
        case UInt8(ascii: "o"): name.hasPrefix("output") ? 3 : 4
        case UInt8(ascii: "c"): name.hasPrefix("cache_read") ? 1 : name.hasPrefix("cache_write") ? 2 : 4
        default: 4
        }
    }
}
