import OutlayCore

/// A settled event as the payload of a record: when it was received, then its canonical bytes.
enum SettlementCodec {
    static func bytes(of event: CostEvent) -> [UInt8] {
        let received = UInt64(bitPattern: event.receivedAt.microseconds)
        let first = (0..<8).map { UInt8(truncatingIfNeeded: received >> UInt64($0 * 8)) }
        return first + EventCodec.bytes(of: event)
    }

    static func event(from payload: ArraySlice<UInt8>) throws(CodecError) -> CostEvent {
        guard payload.count >= 8 else { throw .truncated }
        let received = payload.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let receivedAt = Timestamp(microseconds: Int64(bitPattern: received))
        return try EventCodec.event(from: Array(payload.dropFirst(8)), receivedAt: receivedAt)
    }
}
