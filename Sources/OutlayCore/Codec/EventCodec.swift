/// Events and intents as bytes: what the journal and the ledger write, and what the ledger hashes.
///
/// A field added to a domain type needs a place here; the round-trip test over random events fails until it has one.
package enum EventCodec {
    /// The first byte of every run.
    static let version: UInt8 = 1

    /// The canonical bytes: an event that is read back is written the same.
    ///
    /// ``CostEvent/receivedAt`` is not part of them: a re-sent event is received later and is the same event.
    package static func bytes(of event: CostEvent) -> [UInt8] {
        event.encoded ?? bytes(of: event.shared.parts)
    }

    private static func bytes(of event: CostEvent.Parts) -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 512)
        writer.byte(version)
        writer.identity(event.id)
        writer.kind(event.kind)
        writer.signed(event.at.microseconds)
        writer.rareParts(of: event)
        writer.service(event.service)
        writer.attribution(event.attribution)
        writer.metering(event.metering)
        writer.rating(event.rating)
        writer.flag(event.reportedCost != nil)
        if let cost = event.reportedCost { writer.signed(cost.picodollars) }
        writer.held(event.held)
        writer.outcome(event.outcome)
        writer.links(event.links)
        return writer.bytes
    }

    /// `event`, its bytes written once for all who ask for them from here on.
    package static func encoded(_ event: CostEvent) -> CostEvent {
        event.encoded == nil ? event.keeping(bytes(of: event)) : event
    }

    package static func event(from bytes: [UInt8], receivedAt: Timestamp) throws(CodecError) -> CostEvent {
        var reader = try opened(bytes)
        let id = try reader.identity()
        let kind = try reader.kind()
        let at = Timestamp(microseconds: try reader.signed())
        let rare = try reader.rareParts()
        var event = CostEvent.Parts(
            id: id,
            kind: kind,
            at: at,
            receivedAt: receivedAt,
            service: try reader.service(),
            attribution: try reader.attribution(),
            metering: try reader.metering(),
            rating: try reader.rating(),
            reportedCost: try reader.flag() ? Money(picodollars: try reader.amount()) : nil,
            outcome: CallOutcome(),
            links: CallLinks()
        )
        event.held = try reader.held()
        event.outcome = try reader.outcome()
        event.links = try reader.links()
        event.isNotional = rare.isNotional
        event.callCount = rare.callCount
        event.avoidedCost = rare.avoidedCost
        try end(reader)
        return CostEvent(event)
    }

    package static func bytes(of intent: CallIntent) -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 512)
        writer.byte(version)
        writer.identity(intent.id)
        writer.signed(intent.at.microseconds)
        writer.flag(intent.isStream)
        writer.service(intent.service)
        writer.attribution(intent.attribution)
        writer.links(intent.links)
        writer.held(intent.held)
        return writer.bytes
    }

    package static func intent(from bytes: [UInt8]) throws(CodecError) -> CallIntent {
        var reader = try opened(bytes)
        let id = try reader.identity()
        let at = Timestamp(microseconds: try reader.signed())
        let isStream = try reader.flag()
        var intent = CallIntent(
            id: id,
            at: at,
            service: try reader.service(),
            attribution: try reader.attribution(),
            links: try reader.links(),
            isStream: isStream
        )
        intent.held = try reader.held()
        try end(reader)
        return intent
    }

    private static func opened(_ bytes: [UInt8]) throws(CodecError) -> ByteReader {
        var reader = ByteReader(bytes)
        let found = try reader.byte()
        guard found == version else { throw .version(found) }
        return reader
    }

    private static func end(_ reader: ByteReader) throws(CodecError) {
        guard reader.isAtEnd else { throw .invalid("bytes are left over") }
    }
}
