import OutlayCore

/// The canonical bytes of an event: what is stored, hashed and read back exactly.
///
/// ``CostEvent/receivedAt`` is not part of them: a re-sent event is received later and is the same event.
enum EventCodec {
    /// The first byte of every run.
    static let version: UInt8 = 1

    static func bytes(of event: CostEvent) -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 512)
        writer.byte(version)
        writer.identity(event.id)
        writer.kind(event.kind)
        writer.signed(event.at.microseconds)
        writer.flag(event.isNotional)
        writer.service(event.service)
        writer.attribution(event.attribution)
        writer.metering(event.metering)
        writer.rating(event.rating)
        writer.flag(event.reportedCost != nil)
        if let cost = event.reportedCost { writer.signed(cost.picodollars) }
        writer.outcome(event.outcome)
        writer.links(event.links)
        return writer.bytes
    }

    static func event(from bytes: [UInt8], receivedAt: Timestamp) throws -> CostEvent {
        var reader = ByteReader(bytes)
        let version = try reader.byte()
        guard version == Self.version else {
            throw CodecError(reason: "it has format \(version), this program knows 1 to \(Self.version)")
        }
        let id = try reader.identity()
        let kind = try reader.kind()
        let at = Timestamp(microseconds: try reader.signed())
        let isNotional = try reader.flag()
        var event = CostEvent(
            id: id,
            kind: kind,
            at: at,
            receivedAt: receivedAt,
            service: try reader.service(),
            attribution: try reader.attribution(),
            metering: try reader.metering(),
            rating: try reader.rating(),
            reportedCost: try reader.flag() ? Money(picodollars: try reader.wideSigned()) : nil,
            outcome: try reader.outcome(),
            links: try reader.links()
        )
        event.isNotional = isNotional
        guard reader.isAtEnd else { throw CodecError(reason: "bytes are left over") }
        return event
    }
}
