import OutlayCore

/// An event made ready for its row: encoded, hashed and checked, before the writer is troubled.
///
/// A class, because a batch hands it on several times and an event has dozens of texts to retain.
final class BookedRow: ReadyEvent {
    let event: CostEvent
    let body: [UInt8]
    let contentHash: [UInt8]
    let identityHash: [UInt8]
    let sums: ColumnSums
    let place: SeriesPlace
    /// The tags that no rollup carries.
    let unbounded: TagSet
    /// By what it is looked for.
    let names: [Int64]
    /// When the gateway's call began; `nil` for all other events.
    let gatewayAt: Int64?

    /// The most an event may count of one unit; what one call can consume is far below.
    static let countMax: Int64 = 1_000_000_000_000

    init(_ event: CostEvent) throws(LedgerError) {
        let contribution = Contribution(of: event)
        if let reason = Self.obstacle(event, contribution) { throw .unbookable(id: event.id.id, reason: reason) }
        self.event = event
        body = EventCodec.bytes(of: event)
        contentHash = Hashing.hash(body)
        identityHash = Hashing.identity(event.id)
        sums = ColumnSums(contribution)
        place = SeriesPlace(event)
        unbounded = event.attribution.effective.filter(\.dimension.isUnbounded)
        names = EventNames.names(of: event)
        gatewayAt = EventNames.isGateways(event) ? event.at.microseconds : nil
    }

    /// Says what no row can hold; an amount reaches $9.2 million.
    private static func obstacle(_ event: CostEvent, _ part: Contribution) -> String? {
        for amount in [part.effective, part.list, part.notional] where Int64(exactly: amount.picodollars) == nil {
            return "an amount of \(amount) dollars is more than one event can hold"
        }
        if let count = part.usage.first(where: { $0.count.magnitude > UInt64(countMax) }) {
            return "\(count.count) \(count.unit) is more than one event can hold"
        }
        if let excess = EventBounds.excess(of: event) { return "\(excess) is more than one event can hold" }
        guard TileGrain.times.contains(event.at) else { return "its time is outside the years 1 to 9999" }
        return nil
    }
}
