import OutlayCore

/// One spend question as the rows to read: tiles where they fit, events where they must.
///
/// The rows come out in the order they lie in and are added up by ``SpendFold``; sorting them for a
/// `GROUP BY` costs SQLite three times as much as reading them.
struct SpendPlan {
    /// Whether asked tags may be outside of the series.
    let readsRest: Bool
    private let filters: SpendFilters
    private let tileSpans: String?
    private let eventSpans: String?

    init(_ query: SpendQuery, coverage: Coverage) {
        filters = SpendFilters(filters: query.filters)
        readsRest = coverage.asksUnbounded || !coverage.opaqueDays.isEmpty
        var tiles: [String] = []
        var events: [String] = []
        for (bucket, range) in query.buckets.enumerated() {
            for span in coverage.spans(of: range) {
                let bounds = "\(span.range.lowerBound.microseconds),\(span.range.upperBound.microseconds)"
                switch span.source {
                case .events: events.append("[\(bucket),\(bounds)]")
                case .tiles(let grain): tiles.append("[\(bucket),\(bounds),\(grain.rawValue)]")
                }
            }
        }
        tileSpans = tiles.isEmpty ? nil : "[\(tiles.joined(separator: ","))]"
        eventSpans = events.isEmpty ? nil : "[\(events.joined(separator: ","))]"
    }

    /// Columns: bucket, series, no rest, counters, halves.
    var tileRows: SQLText? {
        tiles("tile", (SumColumns.counters + SumColumns.halves).map { "tile.\($0)" })
    }

    /// Columns: bucket, series, no rest, unit, quantity.
    var tileUsage: SQLText? {
        tiles("tile_usage AS tile", ["tile.unit", "tile.quantity"])
    }

    /// Columns: bucket, series, rest, counters, amounts.
    var eventRows: SQLText? {
        events("", (SumColumns.counters + SumColumns.amounts).map { "event.\($0)" })
    }

    /// Columns: bucket, series, rest, unit, quantity.
    var eventUsage: SQLText? {
        events(
            " CROSS JOIN event_usage ON event_usage.sequence = event.sequence",
            ["event_usage.unit", "event_usage.quantity"]
        )
    }

    private func tiles(_ table: String, _ columns: [String]) -> SQLText? {
        guard let tileSpans else { return nil }
        let select = """
            SELECT span.bucket, tile.series_id, NULL, \(columns.joined(separator: ", "))
            FROM (
                SELECT value ->> 0 AS bucket, value ->> 1 AS start, value ->> 2 AS stop, value ->> 3 AS grain
                FROM json_each(?)
            ) AS span
            CROSS JOIN \(table) ON tile.grain = span.grain AND tile.start >= span.start AND tile.start < span.stop
            """
        return SQLText(select, [.text(tileSpans)]).then(Self.clause(filters.onSeries("tile.series_id")))
    }

    private func events(_ join: String, _ columns: [String]) -> SQLText? {
        guard let eventSpans else { return nil }
        let rest = readsRest ? "event.rest_set_id" : "NULL"
        let select = """
            SELECT span.bucket, event.series_id, \(rest), \(columns.joined(separator: ", "))
            FROM (
                SELECT value ->> 0 AS bucket, value ->> 1 AS start, value ->> 2 AS stop FROM json_each(?)
            ) AS span
            CROSS JOIN event ON event.at >= span.start AND event.at < span.stop\(join)
            """
        let condition = readsRest ? filters.onEvents() : filters.onSeries("event.series_id")
        return SQLText(select, [.text(eventSpans)]).then(Self.clause(condition))
    }

    private static func clause(_ condition: SQLText?) -> SQLText {
        condition.map { SQLText(" WHERE ").then($0) } ?? SQLText("")
    }
}
