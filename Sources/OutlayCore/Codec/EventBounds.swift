/// The largest numbers an event is written and read with, so that whatever bytes say can be added up.
package enum EventBounds {
    /// Of one unit in one part: sums over all parts of an event stay within 64 bits.
    static let count: Int64 = 1 << 48
    /// In picodollars, 10²⁰ dollars and more: sums stay within 128 bits.
    static let amount: Int128 = 1 << 108

    /// Says which number of an event is beyond the bounds; `nil` when none is.
    package static func excess(of event: CostEvent) -> String? {
        for count in event.metering.parts.flatMap(\.usage.counts) where count.count.magnitude > Self.count.magnitude {
            return "\(count.count) \(count.unit)"
        }
        for line in event.rating.lines
        where !isPayable(line.quantity, line.listRate) || !isPayable(line.quantity, line.rate) {
            return "a cost for \(line.quantity) \(line.unit)"
        }
        if event.callCount.magnitude > count.magnitude { return "\(event.callCount) calls" }
        if let cost = event.avoidedCost, !isWithin(cost.picodollars) { return "an avoided cost of \(cost) dollars" }
        if let cost = event.reportedCost, !isWithin(cost.picodollars) { return "a reported cost of \(cost) dollars" }
        return nil
    }

    /// Whether the line's amount can be computed and summed without overflow.
    static func isPayable(_ quantity: Int64, _ rate: Rate) -> Bool {
        let (product, overflow) = rate.picodollars.multipliedReportingOverflow(by: Int128(quantity))
        return !overflow && isWithin(product) && isWithin(rate.picodollars) && isWithin(rate.denominator)
    }

    private static func isWithin(_ number: Int128) -> Bool {
        number.magnitude <= amount.magnitude
    }
}
