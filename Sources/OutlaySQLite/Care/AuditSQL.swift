/// The statements of `verify`, made of names in the source only.
enum AuditSQL {
    /// The quarter hours of events from ?1 on: start, series, counters, halves.
    static let quarterHours = """
        SELECT \(quarterHour) AS start, series_id, \(eventSums)
        FROM event WHERE at >= ? GROUP BY 1, 2 ORDER BY 1, 2
        """

    /// The same in the units without a column: start, series, unit, quantity.
    static let quarterHourUnits = """
        SELECT \(quarterHour) AS start, series_id, unit, SUM(quantity)
        FROM event JOIN event_usage ON event_usage.sequence = event.sequence
        WHERE at >= ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """

    /// How many events the index lacks that should hold them.
    static let eventsWithoutRest = """
        SELECT COUNT(*) FROM event WHERE rest_set_id IS NOT NULL AND NOT \(EventIndex.isRecent) AND NOT EXISTS (
            SELECT 1 FROM event_rest
            WHERE rest_set_id = event.rest_set_id AND at = event.at AND sequence = event.sequence
        )
        """

    static let seals = "SELECT SUM(events), \(sealSums) FROM seal HAVING COUNT(*) > 0"
    static let eventsBelow = "SELECT \(eventSums) FROM event WHERE at < ?"

    static let eventSums =
        (SumColumns.counters.map { "SUM(\($0))" }
        + SumColumns.amounts.flatMap { ["SUM(\($0) >> 32)", "SUM(\($0) & 4294967295)"] })
        .joined(separator: ", ")

    private static let sealSums =
        (SumColumns.counters + SumColumns.halves).map { "SUM(\($0))" }.joined(separator: ", ")

    /// Rounds down also before 1970.
    private static let quarterHour = "(at - (at % 900000000 + 900000000) % 900000000)"
}
