package import OutlayCore

/// The binary form of events and intents in the journal.
///
/// Version 1. Compact rather than self-describing: each structure is a run of tagged fields whose types
/// follow from the tag. A field added to a domain type needs a tag here; the round-trip test over random
/// events fails until it has one. Tags are never reused.
package enum EventCodec {
    static let version: UInt8 = 1

    package static func encode(_ event: CostEvent) -> [UInt8] {
        var writer = ByteWriter(capacity: 1024)
        writer.byte(version)
        writer.event(event)
        return writer.bytes
    }

    package static func encode(_ intent: CallIntent) -> [UInt8] {
        var writer = ByteWriter(capacity: 512)
        writer.byte(version)
        writer.intent(intent)
        return writer.bytes
    }

    package static func decodeEvent(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> CostEvent {
        var reader = try opened(bytes)
        let event = try reader.event()
        guard reader.isAtEnd else { throw .invalid("end") }
        return event
    }

    package static func decodeIntent(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> CallIntent {
        var reader = try opened(bytes)
        let intent = try reader.intent()
        guard reader.isAtEnd else { throw .invalid("end") }
        return intent
    }

    private static func opened(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> ByteReader {
        var reader = ByteReader(bytes)
        let version = try reader.byte()
        guard version == Self.version else { throw .version(version) }
        return reader
    }
}

extension ByteWriter {
    fileprivate mutating func intent(_ intent: CallIntent) {
        byte(1)
        eventID(intent.id)
        field(2, intent.at.microseconds)
        byte(3)
        service(intent.service)
        byte(4)
        attribution(intent.attribution)
        byte(5)
        links(intent.links)
        field(6, intent.isStream)
        end()
    }

    fileprivate mutating func event(_ event: CostEvent) {
        byte(1)
        eventID(event.id)
        switch event.kind {
        case .call: break
        case .reversal(let id):
            byte(2)
            eventID(id)
        case .replacement(let id):
            byte(3)
            eventID(id)
        }
        field(4, event.at.microseconds)
        field(5, event.receivedAt.microseconds)
        byte(6)
        service(event.service)
        byte(7)
        attribution(event.attribution)
        byte(8)
        metering(event.metering)
        byte(9)
        rating(event.rating)
        if let reported = event.reportedCost {
            byte(10)
            wideNumber(reported.picodollars)
        }
        byte(11)
        outcome(event.outcome)
        byte(12)
        links(event.links)
        end()
    }

    mutating func eventID(_ id: EventID) {
        text(id.source)
        text(id.id)
    }
}

extension ByteReader {
    fileprivate mutating func intent() throws(CodecError) -> CallIntent {
        var id: EventID?
        var at: Int64?
        var service: ServiceUse?
        var attribution: Attribution?
        var links = CallLinks()
        var isStream = false
        while let tag = try tag() {
            switch tag {
            case 1: id = try eventID()
            case 2: at = try number()
            case 3: service = try self.service()
            case 4: attribution = try self.attribution()
            case 5: links = try self.links()
            case 6: isStream = true
            default: throw .tag(tag)
            }
        }
        guard let id, let at, let service, let attribution else { throw .invalid("intent") }
        return CallIntent(
            id: id,
            at: Timestamp(microseconds: at),
            service: service,
            attribution: attribution,
            links: links,
            isStream: isStream
        )
    }

    fileprivate mutating func event() throws(CodecError) -> CostEvent {
        var draft = EventDraft()
        while let tag = try tag() {
            switch tag {
            case 1: draft.id = try eventID()
            case 2: draft.kind = .reversal(of: try eventID())
            case 3: draft.kind = .replacement(of: try eventID())
            case 4: draft.at = try number()
            case 5: draft.receivedAt = try number()
            case 6: draft.service = try service()
            case 7: draft.attribution = try attribution()
            case 8: draft.metering = try metering()
            case 9: draft.rating = try rating()
            case 10: draft.reportedCost = Money(picodollars: try bounded(wideNumber(), "reported cost"))
            case 11: draft.outcome = try outcome()
            case 12: draft.links = try links()
            default: throw .tag(tag)
            }
        }
        return try draft.finished()
    }

    mutating func eventID() throws(CodecError) -> EventID {
        EventID(source: try text(), id: try text())
    }
}

/// An event whose fields arrive one by one.
private struct EventDraft {
    var id: EventID?
    var kind = CostEvent.Kind.call
    var at: Int64?
    var receivedAt: Int64?
    var service: ServiceUse?
    var attribution: Attribution?
    var metering: Metering?
    var rating: Rating?
    var reportedCost: Money?
    var outcome = CallOutcome()
    var links = CallLinks()

    func finished() throws(CodecError) -> CostEvent {
        guard let id, let at, let receivedAt, let service, let attribution, let metering, let rating else {
            throw .invalid("event")
        }
        return CostEvent(
            id: id,
            kind: kind,
            at: Timestamp(microseconds: at),
            receivedAt: Timestamp(microseconds: receivedAt),
            service: service,
            attribution: attribution,
            metering: metering,
            rating: rating,
            reportedCost: reportedCost,
            outcome: outcome,
            links: links
        )
    }
}
