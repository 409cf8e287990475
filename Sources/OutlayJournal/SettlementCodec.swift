import OutlayCore

/// A settled event as the payload of a record: when it was received, then its canonical bytes.
enum SettlementCodec {
    static func bytes(of event: CostEvent) -> [UInt8] {
        let received = UInt64(bitPattern: event.receivedAt.microseconds)
        let event = EventCodec.bytes(of: event)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + event.count)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: received >> shift))
        }
        bytes += event
        return bytes
    }

    static func event(from payload: ArraySlice<UInt8>) throws(CodecError) -> CostEvent {
        guard payload.count >= 8 else { throw .truncated }
        let received = payload.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let receivedAt = Timestamp(microseconds: Int64(bitPattern: received))
        return try EventCodec.event(from: Array(payload.dropFirst(8)), receivedAt: receivedAt)
    }
}
