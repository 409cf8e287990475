import OutlayCore

/// Times of records as instants of the ledger.
enum RecordTimes {
    /// Nobody reported a call to a language model before 2000, and no civil date is written past 9999.
    private static let plausible: Range<Int64> = 946_684_800_000_000..<221_845_392_000_000_000

    static func isPlausible(_ time: Timestamp) -> Bool {
        plausible.contains(time.microseconds)
    }

    /// Nanoseconds since 1970 as an instant; 0 stays 0.
    static func instant(_ nanoseconds: UInt64) -> Timestamp {
        Timestamp(microseconds: Int64(nanoseconds / 1000))
    }

    /// Start and end of a span; where only one is plausible, it stands for both.
    static func of(_ span: SpanRecord) -> (start: Timestamp, end: Timestamp) {
        let start = instant(span.start)
        let end = instant(span.end)
        if !isPlausible(start) { return (end, end) }
        return (start, isPlausible(end) ? max(start, end) : start)
    }

    /// When a log was written: its time, else when it was seen, else what its attributes say.
    static func of(_ log: LogRecord) -> Timestamp {
        for time in [instant(log.time), instant(log.observed)] where isPlausible(time) { return time }
        guard case .string(let text) = log.attributes["event.timestamp"] else { return instant(0) }
        return Timestamp(rfc3339: text) ?? instant(0)
    }
}
