package import OutlayCore

/// What the journal of an earlier run still knows.
package struct Recovery: Sendable {
    /// Settlements, in the order they were written per lane; some may be in the ledger already, whose
    /// identity makes appending them again harmless.
    package internal(set) var settlements: [CostEvent] = []
    /// Calls that were forwarded and whose end nobody saw: to be booked as indeterminate.
    package internal(set) var unsettled: [CallIntent] = []
    /// Stretches before a whole record that could not be read; 0 after a mere kill.
    package internal(set) var damaged = 0

    private let paths: [String]

    /// Removes the segments.
    ///
    /// Called once everything above is durable in the ledger.
    package func discard() throws(JournalError) {
        for path in paths { try JournalFolder.remove(path) }
    }

    fileprivate init(paths: [String]) {
        self.paths = paths
    }
}

extension Journal {
    /// Reads all segments in `directory`, changing nothing; an absent folder is an empty journal.
    ///
    /// Can be repeated: a crash between appending and ``Recovery/discard()`` finds the same again.
    package static func recover(directory: String) throws(JournalError) -> Recovery {
        var recovery = Recovery(paths: try JournalFolder.segments(directory))
        var segments: [SegmentContent] = []
        for path in try JournalFolder.segments(directory) {
            let content = try SegmentContent(reading: MappedSegment(reading: path))
            recovery.damaged += content.damaged
            segments.append(content)
        }
        segments.sort { $0.generation < $1.generation }
        var settled: Set<EventID> = []
        for event in segments.flatMap(\.settlements) where settled.insert(event.id).inserted {
            recovery.settlements.append(event)
        }
        for intent in segments.flatMap(\.intents) where settled.insert(intent.id).inserted {
            recovery.unsettled.append(intent)
        }
        return recovery
    }
}

/// What one segment holds.
struct SegmentContent {
    private(set) var generation: UInt32 = 0
    private(set) var settlements: [CostEvent] = []
    private(set) var intents: [CallIntent] = []
    /// Gaps with a whole record behind them.
    private(set) var damaged = 0

    init(reading file: MappedSegment) throws(JournalError) {
        let bytes = file.bytes(0..<file.count)
        let magic = SegmentRecord.word(bytes, at: 0)
        guard magic != 0 else { return }
        let second = SegmentRecord.word(bytes, at: 8)
        guard magic == SegmentRecord.magic else {
            throw .unreadable(path: file.path, reason: "does not begin as a segment does")
        }
        guard second & 0xFFFF_FFFF == SegmentRecord.format else {
            throw .unreadable(path: file.path, reason: "is of format \(second & 0xFFFF_FFFF), not 1")
        }
        generation = UInt32(truncatingIfNeeded: second >> 32)
        try readRecords(bytes, path: file.path)
    }

    /// Reads on past what is damaged: after a power cut pages may be missing in the middle.
    private mutating func readRecords(_ bytes: [UInt8], path: String) throws(JournalError) {
        var offset = SegmentRecord.headerSize
        var isInGap = false
        while offset < bytes.count {
            guard let record = SegmentRecord.read(bytes, at: offset, generation: generation) else {
                isInGap = true
                offset += 8
                continue
            }
            if isInGap { damaged += 1 }
            isInGap = false
            offset += SegmentRecord.size(ofPayload: record.payload.count)
            do {
                switch record.kind {
                case .intent: intents.append(try EventCodec.intent(from: Array(record.payload)))
                case .settlement: settlements.append(try SettlementCodec.event(from: record.payload))
                }
            } catch {
                throw .unreadable(path: path, reason: "has a record that cannot be decoded: \(error)")
            }
        }
    }
}
