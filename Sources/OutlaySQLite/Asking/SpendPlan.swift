import OutlayCore

/// One spend question as the rows to read: tiles where they fit, events where they must.
///
/// The rows come out in the order they lie in and are added up by ``SpendFold``; sorting them for a
/// `GROUP BY` costs SQLite three times as much as reading them.
struct SpendPlan {
    /// Whether asked tags may be outside of the series.
    let readsRest: Bool
    /// The spans answered by tiles, in the order of time: what waits in runs is part of them.
    let tiles: [TileSpan]
    private let filters: SpendFilters
    private let eventSpans: String?

    struct TileSpan: Hashable {
        let bucket: Int64
        let grain: TileGrain
        let range: Range<Timestamp>
    }

    init(_ query: SpendQuery, coverage: Coverage) {
        filters = SpendFilters(filters: query.filters)
        readsRest = coverage.asksUnbounded || !coverage.opaqueDays.isEmpty
        var tiles: [TileSpan] = []
        var events: [String] = []
        for (bucket, range) in query.buckets.enumerated() {
            for span in coverage.spans(of: range) {
                switch span.source {
                case .events:
                    let (start, stop) = (span.range.lowerBound.microseconds, span.range.upperBound.microseconds)
                    events.append("[\(bucket),\(start),\(stop)]")
                case .tiles(let grain):
                    tiles.append(TileSpan(bucket: Int64(bucket), grain: grain, range: span.range))
                }
            }
        }
        self.tiles = tiles
        eventSpans = events.isEmpty ? nil : "[\(events.joined(separator: ","))]"
    }

    /// The series the conditions hold for; `nil` without filters.
    var series: SQLText? { filters.series }

    /// Columns: bucket, number of the row, sums.
    var tileRows: SQLText? {
        guard !tiles.isEmpty else { return nil }
        let spans = tiles.map { span in
            let ids = TileRow.ids(span.grain, in: span.range)
            return "[\(span.bucket),\(ids.lowerBound),\(ids.upperBound)]"
        }
        let select = """
            SELECT span.bucket, tile.id, tile.sums
            FROM (
                SELECT value ->> 0 AS bucket, value ->> 1 AS first, value ->> 2 AS stop FROM json_each(?)
            ) AS span
            CROSS JOIN tile ON tile.id >= span.first AND tile.id < span.stop
            """
        return SQLText(select, [.text("[\(spans.joined(separator: ","))]")])
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

    private func events(_ join: String, _ columns: [String]) -> SQLText? {
        guard let eventSpans else { return nil }
        let rest = readsRest ? "event.rest_set_id" : "NULL"
        let select = "SELECT span.bucket, event.series_id, \(rest), \(columns.joined(separator: ", ")) FROM "
        let spans = SQLText(
            "(SELECT value ->> 0 AS bucket, value ->> 1 AS start, value ->> 2 AS stop FROM json_each(?)) AS span",
            [.text(eventSpans)]
        )
        let condition = readsRest ? filters.onEvents() : filters.onSeries("event.series_id")
        guard readsRest, let sets = filters.restSets else {
            return SQLText(select).then(spans)
                .then(" CROSS JOIN event ON event.at >= span.start AND event.at < span.stop\(join)")
                .then(Self.clause(condition))
        }
        let indexed = SQLText(select).then(spans)
            .then(" CROSS JOIN event_rest ON event_rest.at >= span.start AND event_rest.at < span.stop")
            .then(" AND event_rest.rest_set_id IN (").then(sets).then(")")
            .then(" CROSS JOIN event ON event.sequence = event_rest.sequence\(join)")
            .then(Self.clause(condition))
        let recent = SQLText(select).then("event CROSS JOIN ").then(spans)
            .then(" ON +event.at >= span.start AND +event.at < span.stop\(join)")
            .then(Self.clause(condition)).then(" AND \(EventIndex.isRecent)")
        return indexed.then(" UNION ALL ").then(recent)
    }

    private static func clause(_ condition: SQLText?) -> SQLText {
        condition.map { SQLText(" WHERE ").then($0) } ?? SQLText("")
    }
}
