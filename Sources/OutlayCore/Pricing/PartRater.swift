/// Rates the parts of one call and gathers their lines.
struct PartRater {
    let time: Timestamp
    let context: RatingContext
    let api: String
    private var lines: [CostLine] = []
    private var unpriced: [UsageUnit] = []
    /// Whether some part's model is not in the book, which leaves its price unknown even where nothing was counted.
    private var hasUnknownModel = false

    init(time: Timestamp, context: RatingContext, api: String) {
        self.time = time
        self.context = context
        self.api = api
    }

    func rating(version: String) -> Rating {
        let isWhole = unpriced.isEmpty && !hasUnknownModel
        let state: Rating.State = isWhole ? .rated : lines.isEmpty ? .unpriced : .partial
        return Rating(lines: lines, state: state, version: version, unpriced: unpriced)
    }

    /// Adds the lines of one part; what has no rate is added to the unpriced units.
    mutating func rate(_ part: UsagePart, model name: String?, on shelf: BookShelf?) {
        guard let name, let shelf, let found = shelf.find(name, at: time), let price = found.model.price(at: time)
        else {
            hasUnknownModel = true
            return part.usage.counts.forEach { markUnpriced($0.unit) }
        }
        let circumstances = price.isOwn ? .plain : found.circumstances(in: context)
        let rule = found.provider.apis.first { $0.api == api }
        let tokens = circumstances.isUnknown ? nil : price.table(mode: circumstances.mode, at: time)
        let partRates = PartRates(
            tokens: tokens.map { $0.rates(promptTokens: Self.promptTokens(of: part.usage)) },
            fees: price.fees,
            commonFees: found.provider.fees,
            circumstances: circumstances
        )
        let discount = shelf.discounts.first { $0.holds(for: name, or: found.model.name, at: time) }
        let start = lines.count
        for count in part.usage.counts {
            let unit = rule?.countsAs[count.unit] ?? count.unit
            if found.provider.free.contains(unit) || rule?.free.contains(unit) == true { continue }
            guard let (billed, rate) = partRates.rate(for: unit) else {
                markUnpriced(count.unit)
                continue
            }
            add(
                count.count,
                of: billed,
                at: rate,
                label: part.label ?? partRates.label(of: billed),
                since: start,
                found
            )
        }
        finish(from: start, minimums: found.model.minimums, discount: discount)
    }

    private mutating func add(
        _ count: Int64,
        of unit: UsageUnit,
        at rate: Rate,
        label: String?,
        since start: Int,
        _ found: ShelfModel
    ) {
        if let index = lines[start...].firstIndex(where: { $0.unit == unit }) {
            let (sum, overflow) = lines[index].quantity.addingReportingOverflow(count)
            lines[index].quantity = overflow ? .max : sum
        } else {
            lines.append(CostLine(unit: unit, label: label, model: found.model.name, quantity: count, listRate: rate))
        }
    }

    /// Applies the least billed quantities and the discount, and puts the lines in the order they are shown in.
    private mutating func finish(from start: Int, minimums: [UsageUnit: Int64], discount: Discount?) {
        for index in lines.indices[start...] {
            if !minimums.isEmpty, let least = minimums[lines[index].unit], lines[index].quantity > 0 {
                lines[index].quantity = max(lines[index].quantity, least)
            }
            if let discount {
                lines[index].rate = discount.rate(of: lines[index].unit, list: lines[index].listRate)
            }
        }
        guard lines.count - start > 1 else { return }
        lines[start...].sort { ($0.unit.rank, $0.unit) < ($1.unit.rank, $1.unit) }
    }

    private mutating func markUnpriced(_ unit: UsageUnit) {
        if !unpriced.contains(unit) { unpriced.append(unit) }
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

/// The rates that hold for one part, and which unit stands in for one without a rate.
struct PartRates {
    /// `nil` when the mode has no published price.
    let tokens: [UsageUnit: Rate]?
    let fees: [UsageUnit: Rate]
    let commonFees: [UsageUnit: Rate]
    let circumstances: Circumstances

    /// Marks the lines of a call that committed capacity pays for.
    static let committed = "committed"

    func label(of unit: UsageUnit) -> String? {
        circumstances.isCommitted && isToken(unit) ? Self.committed : nil
    }

    /// The unit that `unit` is billed as and its rate; `nil` when no price is known.
    func rate(for unit: UsageUnit) -> (unit: UsageUnit, rate: Rate)? {
        if circumstances.isCommitted, isToken(unit) { return (unit, .free) }
        if let tokens {
            if let rate = tokens[unit] { return (unit, uplifted(rate)) }
            if let fallback = Self.fallback(for: unit, in: tokens), let rate = tokens[fallback] {
                return (fallback, uplifted(rate))
            }
        }
        return (fees[unit] ?? commonFees[unit]).map { (unit, $0) }
    }

    private func uplifted(_ rate: Rate) -> Rate {
        circumstances.factor == .one ? rate : rate.scaled(by: circumstances.factor)
    }

    private func isToken(_ unit: UsageUnit) -> Bool {
        (unit.isPromptToken || unit.name.hasPrefix("output")) && fees[unit] == nil && commonFees[unit] == nil
    }

    /// The unit whose rate holds for one that has none of its own.
    ///
    /// Cached tokens without a cached rate bill as input, of their modality where that is priced. Written tokens bill
    /// as input only where the model has no rate for any lifetime: one lifetime never stands in for another.
    static func fallback(for unit: UsageUnit, in rates: [UsageUnit: Rate]) -> UsageUnit? {
        let name = unit.name
        if name.hasPrefix("cache_read") {
            let modality = name.dropFirst("cache_read".count)
            let candidates = [UsageUnit.cacheRead, UsageUnit("input\(modality)"), .input]
            return candidates.first { rates[$0] != nil }
        }
        if name.hasPrefix("cache_write") {
            return rates.keys.contains { $0.name.hasPrefix("cache_write") } ? nil : .input
        }
        switch unit {
        case .inputAudio, .inputImage, .inputVideo: return .input
        case .outputAudio, .outputImage, .outputReasoning, UsageUnit("output_video"): return .output
        default: return nil
        }
    }
}

extension UsageUnit {
    /// Where a line of this unit stands among the others: input, cached, written, output, fees.
    var rank: Int {
        if name.hasPrefix("input") { return 0 }
        if name.hasPrefix("cache_read") { return 1 }
        if name.hasPrefix("cache_write") { return 2 }
        return name.hasPrefix("output") ? 3 : 4
    }
}
