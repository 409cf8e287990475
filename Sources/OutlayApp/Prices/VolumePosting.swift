package import OutlayCore

/// Posts what volume discounts change as a contract period's list spend grows.
///
/// Every call is booked at its price without the volume discount. From the period's calls in the order they were
/// made this works out what each costs under the contract and posts the differences as reversing pairs, so that
/// the sum of the period is what the contract says, to the last picodollar. Doing it twice posts nothing.
///
/// The whole period is read once; later runs read the calls of the time since, unless something earlier changed: a call
/// that came late, another correction, a border of a whole-volume discount.
package struct VolumePosting: Sendable {
    let ledger: any Ledger
    let pricing: PriceBook
    let discount: Discount
    let now: Timestamp

    static let unit = UsageUnit("volume_discount")
    private static let page = 1000
    /// Calls younger than this wait for the next run: a call is booked when it ends, and counts from its beginning.
    package static let lagSeconds: Int64 = 3600

    /// How far an earlier run came.
    package struct Progress: Hashable, Sendable {
        fileprivate var discount: Discount
        fileprivate var version: String
        /// Every call before this is posted.
        fileprivate var until: Timestamp
        /// The last event of the time before that was looked at.
        fileprivate var sequence: Int64
        /// Their list spend.
        fileprivate var spend: Money
    }

    package init(ledger: any Ledger, pricing: PriceBook, discount: Discount, now: Timestamp) {
        self.ledger = ledger
        self.pricing = pricing
        self.discount = discount
        self.now = now
    }

    /// Brings the postings up to date.
    ///
    /// - Returns: how many calls were corrected, and from where the next run may go on.
    package func post(since progress: Progress? = nil) async throws -> (corrected: Int, progress: Progress?) {
        guard let volume = VolumeDiscount(discount) else { return (0, nil) }
        let end = min(volume.period.to, now.advanced(bySeconds: -Self.lagSeconds))
        guard volume.period.from < end else { return (0, nil) }
        if let progress, let more = try await goOn(progress, volume, until: end) { return more }
        var seen = Int64(0)
        let events = try await concerned(in: volume.period.from..<end, seen: &seen)
        let lists = events.map { $0.rating.listTotal ?? .zero }
        let postings = volume.postings(list: lists)
        var amounts = postings.map(\.effective)
        for posting in postings {
            for correction in posting.corrections where amounts.indices.contains(correction.index) {
                amounts[correction.index] = amounts[correction.index] + correction.amount
            }
        }
        let corrected = try await append(events, amounts)
        return (corrected, reached(end, seen, lists.reduce(.zero) { $0 + $1 }))
    }

    /// Posts the calls since `progress`; `nil` when the whole period must be worked out again.
    private func goOn(
        _ progress: Progress,
        _ volume: VolumeDiscount,
        until end: Timestamp
    ) async throws -> (corrected: Int, progress: Progress?)? {
        guard progress.discount == discount, progress.version == pricing.version, progress.until <= end else {
            return nil
        }
        var seen = progress.sequence
        guard try await isUnchanged(in: volume.period.from..<progress.until, seen: &seen) else { return nil }
        guard progress.until < end else { return (0, reached(end, seen, progress.spend)) }
        let events = try await concerned(in: progress.until..<end, seen: &seen)
        let lists = events.map { $0.rating.listTotal ?? .zero }
        guard let amounts = volume.postings(list: lists, after: progress.spend) else { return nil }
        let corrected = try await append(events, amounts)
        return (corrected, reached(end, seen, lists.reduce(progress.spend) { $0 + $1 }))
    }

    private func reached(_ end: Timestamp, _ sequence: Int64, _ spend: Money) -> Progress {
        Progress(discount: discount, version: pricing.version, until: end, sequence: sequence, spend: spend)
    }

    /// Whether nothing of this contract came into `span` since, beside the postings themselves.
    private func isUnchanged(in span: Range<Timestamp>, seen: inout Int64) async throws -> Bool {
        let isOurs = "@\(discount.name):"
        var last = seen
        while true {
            let page = try await ledger.events(in: span, after: last, limit: Self.page)
            guard let end = page.last else { return true }
            last = end.sequence
            seen = max(seen, last)
            if page.contains(where: { isConcerned($0.event) && !$0.event.id.id.contains(isOurs) }) { return false }
        }
    }

    /// The calls under the contract that count today, in the order they were made.
    private func concerned(in span: Range<Timestamp>, seen: inout Int64) async throws -> [CostEvent] {
        var events: [CostEvent] = []
        var last = Int64(0)
        while true {
            let page = try await ledger.events(in: span, after: last, limit: Self.page)
            guard let end = page.last else { break }
            last = end.sequence
            seen = max(seen, last)
            events += page.filter { $0.isInForce && isConcerned($0.event) }.map(\.event)
        }
        return events.sorted { ($0.at, $0.id.source, $0.id.id) < ($1.at, $1.id.source, $1.id.id) }
    }

    private func isConcerned(_ event: CostEvent) -> Bool {
        guard event.rating.state != .unpriced else { return false }
        return pricing.isConcerned(
            by: discount,
            provider: event.service.provider,
            model: event.service.model ?? "",
            at: event.at
        )
    }

    private func append(_ events: [CostEvent], _ amounts: [Money]) async throws -> Int {
        var corrected = 0
        for batch in Array(zip(events, amounts)).batches(of: Self.page) {
            let pairs = batch.compactMap { correction(of: $0.0, to: $0.1) }
            corrected += pairs.count
            if !pairs.isEmpty { _ = try await ledger.append(pairs.flatMap { $0 }) }
        }
        return corrected
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
