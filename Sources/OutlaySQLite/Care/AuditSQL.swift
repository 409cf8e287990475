/// The statements of `verify`, made of names in the source only.
enum AuditSQL {
    private static let sums = SumColumns.counters + SumColumns.halves

    /// Tiles of grain ?1 from ?2 on.
    static let stored = """
        SELECT start, series_id, \(sums.joined(separator: ", ")) FROM tile
        WHERE grain = ? AND start >= ? ORDER BY start, series_id
        """

    /// The same tiles from what they are made of; for quarter hours, events from ?1 on.
    static func recomputed(_ grain: TileGrain) -> String {
        switch grain {
        case .quarterHour:
            """
            SELECT \(floor("at", 900_000_000)) AS start, series_id, \(eventSums)
            FROM event WHERE at >= ? GROUP BY 1, 2 ORDER BY 1, 2
            """
        case .day, .month:
            """
            SELECT \(start(of: grain, "start")) AS first, series_id, \(tileSums)
            FROM tile WHERE grain = \(grain.rawValue - 1) GROUP BY 1, 2 ORDER BY 1, 2
            """
        }
    }

    /// Where `tile_usage` differs from what it is made of; parameters: from, from, grain.
    static func usageDifferences(_ grain: TileGrain) -> String {
        let parts =
            switch grain {
            case .quarterHour:
                """
                SELECT \(floor("at", 900_000_000)) AS first, series_id, unit, -quantity AS quantity
                FROM event JOIN event_usage ON event_usage.sequence = event.sequence WHERE at >= ?
                """
            case .day, .month:
                """
                SELECT \(start(of: grain, "start")) AS first, series_id, unit, -quantity AS quantity
                FROM tile_usage WHERE grain = \(grain.rawValue - 1) AND start >= ?
                """
            }
        return """
            SELECT first, series_id, unit, SUM(quantity) FROM (
                \(parts)
                UNION ALL
                SELECT start, series_id, unit, quantity FROM tile_usage WHERE start >= ? AND grain = ?
            ) GROUP BY 1, 2, 3 HAVING SUM(quantity) <> 0
            """
    }

    static let seals = "SELECT SUM(events), \(tileSums) FROM seal HAVING COUNT(*) > 0"
    static let eventsBelow = "SELECT \(eventSums) FROM event WHERE at < ?"
    static let tilesBelow = "SELECT \(tileSums) FROM tile WHERE grain = 1 AND start < ?"

    static let eventSums =
        (SumColumns.counters.map { "SUM(\($0))" }
        + SumColumns.amounts.flatMap { ["SUM(\($0) >> 32)", "SUM(\($0) & 4294967295)"] })
        .joined(separator: ", ")

    private static let tileSums = sums.map { "SUM(\($0))" }.joined(separator: ", ")

    private static func start(of grain: TileGrain, _ column: String) -> String {
        grain == .month
            ? "CAST(strftime('%s', \(column) / 1000000, 'unixepoch', 'start of month') AS INTEGER) * 1000000"
            : floor(column, 86_400_000_000)
    }

    /// Rounds down also before 1970.
    private static func floor(_ column: String, _ length: Int64) -> String {
        "(\(column) - (\(column) % \(length) + \(length)) % \(length))"
    }
}
