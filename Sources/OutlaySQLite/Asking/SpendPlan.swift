import OutlayCore

/// One spend question as two statements: sums, and usage in units without a column.
///
/// Each first adds up per series (and per rest of the tags where that is asked), which is a range scan of the
/// tiles, and then by the asked dimensions over the few sums that are left.
struct SpendPlan {
    private let query: SpendQuery
    private let filters: SpendFilters
    private let tileSpans: String?
    private let eventSpans: String?
    /// Whether asked tags may be outside of the series.
    private let readsRest: Bool

    init(_ query: SpendQuery, coverage: Coverage) {
        self.query = query
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

    /// Columns: bucket, keys, counters, halves; `nil` when there is nothing to ask.
    var sums: SQLText? {
        let columns = SumColumns.counters + SumColumns.halves
        let eventColumns =
            SumColumns.counters.map { "SUM(event.\($0)) AS \($0)" }
            + SumColumns.amounts.flatMap {
                ["SUM(event.\($0) >> 32) AS \($0)_high", "SUM(event.\($0) & 4294967295) AS \($0)_low"]
            }
        let parts = [
            tilePart(from: "tile", columns.map { "SUM(tile.\($0)) AS \($0)" }, groupedBy: []),
            eventPart(joining: "", eventColumns, groupedBy: []),
        ]
        return grouped(parts.compactMap(\.self), columns.map { "SUM(part.\($0))" }, groupedBy: [])
    }

    /// Columns: bucket, keys, unit, quantity.
    var usage: SQLText? {
        let quantity = "SUM(quantity) AS quantity"
        let parts = [
            tilePart(from: "tile_usage AS tile", [quantity], groupedBy: ["unit"]),
            eventPart(
                joining: " CROSS JOIN event_usage ON event_usage.sequence = event.sequence",
                [quantity],
                groupedBy: ["unit"]
            ),
        ]
        return grouped(parts.compactMap(\.self), ["SUM(part.quantity)"], groupedBy: ["unit"])
    }

    private func tilePart(from table: String, _ columns: [String], groupedBy extra: [String]) -> SQLText? {
        guard let tileSpans else { return nil }
        let fields = ["span.bucket AS bucket", "tile.series_id AS series_id", "NULL AS rest_set_id"] + extra + columns
        let groups = (["span.bucket", "tile.series_id"] + extra).joined(separator: ", ")
        let select = """
            SELECT \(fields.joined(separator: ", "))
            FROM (\(Self.tileSpan)) AS span
            CROSS JOIN \(table) ON tile.grain = span.grain AND tile.start >= span.start AND tile.start < span.stop
            """
        return SQLText(select, [.text(tileSpans)])
            .then(Self.clause(filters.onSeries("tile.series_id")))
            .then(" GROUP BY \(groups)")
    }

    private func eventPart(joining join: String, _ columns: [String], groupedBy extra: [String]) -> SQLText? {
        guard let eventSpans else { return nil }
        let rest = readsRest ? "event.rest_set_id" : "NULL"
        let fields =
            ["span.bucket AS bucket", "event.series_id AS series_id", "\(rest) AS rest_set_id"] + extra + columns
        let groups = (["span.bucket", "event.series_id"] + (readsRest ? [rest] : []) + extra).joined(separator: ", ")
        let select = """
            SELECT \(fields.joined(separator: ", "))
            FROM (\(Self.eventSpan)) AS span
            CROSS JOIN event ON event.at >= span.start AND event.at < span.stop\(join)
            """
        let condition = readsRest ? filters.onEvents() : filters.onSeries("event.series_id")
        return SQLText(select, [.text(eventSpans)]).then(Self.clause(condition)).then(" GROUP BY \(groups)")
    }

    private func grouped(_ parts: [SQLText], _ sums: [String], groupedBy extra: [String]) -> SQLText? {
        guard !parts.isEmpty else { return nil }
        var joins = SQLText("")
        var keys: [String] = []
        for (index, dimension) in query.by.enumerated() {
            if let column = SpendFilters.column(of: dimension) {
                keys.append(column)
            } else {
                joins = joins.then(Self.join("tag\(index)", on: "series.tag_set_id", dimension))
                if readsRest { joins = joins.then(Self.join("rest\(index)", on: "part.rest_set_id", dimension)) }
                keys.append(readsRest ? "coalesce(tag\(index).value, rest\(index).value)" : "tag\(index).value")
            }
        }
        let groups = ["part.bucket"] + keys + extra.map { "part.\($0)" }
        let fields = (groups + sums).joined(separator: ", ")
        return SQLText("SELECT \(fields) FROM (")
            .then(.joined(parts, by: " UNION ALL "))
            .then(") AS part CROSS JOIN series ON series.id = part.series_id ")
            .then("CROSS JOIN service ON service.id = series.service_id")
            .then(joins)
            .then(" GROUP BY \(groups.joined(separator: ", "))")
    }

    private static func join(_ alias: String, on set: String, _ dimension: Dimension) -> SQLText {
        SQLText(
            " LEFT JOIN tag_set_tag AS \(alias) ON \(alias).tag_set_id = \(set) AND \(alias).dimension = ?",
            [.text(dimension.name)]
        )
    }

    private static func clause(_ condition: SQLText?) -> SQLText {
        condition.map { SQLText(" WHERE ").then($0) } ?? SQLText("")
    }

    private static let tileSpan = """
        SELECT value ->> 0 AS bucket, value ->> 1 AS start, value ->> 2 AS stop, value ->> 3 AS grain FROM json_each(?)
        """
    private static let eventSpan = """
        SELECT value ->> 0 AS bucket, value ->> 1 AS start, value ->> 2 AS stop FROM json_each(?)
        """
}
