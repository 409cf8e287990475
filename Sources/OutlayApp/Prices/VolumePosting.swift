internal import OutlayCore

/// Posts what volume discounts change as a contract period's list spend grows.
///
/// Every call is booked at its price without the volume discount. From the period's calls in the order they were
/// made this works out what each costs under the contract and posts the differences as reversing pairs, so that
/// the sum of the period is what the contract says, to the last picodollar. Doing it twice posts nothing.
struct VolumePosting: Sendable {
    let ledger: any Ledger
    let discount: Discount
    let now: Timestamp

    static let unit = UsageUnit("volume_discount")
    private static let page = 1000

    /// - Returns: how many calls were corrected.
    func post() async throws -> Int {
        guard let volume = VolumeDiscount(discount) else { return 0 }
        let events = try await concerned(in: volume.period)
        let postings = volume.postings(list: events.map { $0.rating.listTotal ?? .zero })
        var amounts = postings.map(\.effective)
        for posting in postings {
            for correction in posting.corrections where amounts.indices.contains(correction.index) {
                amounts[correction.index] = amounts[correction.index] + correction.amount
            }
        }
        var corrected = 0
        for batch in Array(zip(events, amounts)).batches(of: Self.page) {
            let pairs = batch.compactMap { correction(of: $0.0, to: $0.1) }
            corrected += pairs.count
            if !pairs.isEmpty { _ = try await ledger.append(pairs.flatMap { $0 }) }
        }
        return corrected
    }

    /// The calls under the contract that count today, in the order they were made.
    private func concerned(in period: ContractPeriod) async throws -> [CostEvent] {
        var events: [CostEvent] = []
        var last: Int64 = 0
        while true {
            let page = try await ledger.events(in: period.from..<min(period.to, now), after: last, limit: Self.page)
            guard let end = page.last else { break }
            last = end.sequence
            events += page.filter { $0.isInForce && isConcerned($0.event) }.map(\.event)
        }
        return events.sorted { ($0.at, $0.id.source, $0.id.id) < ($1.at, $1.id.source, $1.id.id) }
    }

    private func isConcerned(_ event: CostEvent) -> Bool {
        let model = event.service.model ?? ""
        return event.service.provider == discount.provider && event.rating.state != .unpriced
            && discount.models.contains { pattern in
                pattern.last == "*" ? model.hasPrefix(pattern.dropLast()) : model == pattern
            }
    }

    /// The pair that makes `event` cost `amount`, by a line of its own; `nil` when it does already.
    private func correction(of event: CostEvent, to amount: Money) -> [CostEvent]? {
        guard event.rating.total != amount else { return nil }
        var rating = event.rating
        rating.lines.removeAll { $0.unit == Self.unit }
        let rest = amount - (rating.total ?? .zero)
        if rest != .zero {
            rating.lines.append(
                CostLine(
                    unit: Self.unit,
                    label: discount.name,
                    model: event.service.model ?? "",
                    quantity: 1,
                    listRate: .free,
                    rate: Rate(picodollars: rest.picodollars)
                )
            )
        }
        return event.corrected(to: rating, named: "\(discount.name):\(amount.picodollars)", now: now)
    }
}
