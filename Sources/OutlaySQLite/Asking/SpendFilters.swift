import OutlayCore

/// The conditions of a query as SQL.
struct SpendFilters {
    let filters: [SpendQuery.Filter]

    /// The column of `service` that answers `dimension`; `nil` for what tags answer.
    static func column(of dimension: Dimension) -> String? {
        switch dimension {
        case .provider: "service.provider"
        case .api: "service.api"
        case .upstream: "service.upstream"
        case .model: "service.model"
        case .region: "service.region"
        case .key: "service.key_name"
        case .workspace: "service.workspace"
        default: nil
        }
    }

    /// The numbers of the series that all conditions hold for; `nil` without filters.
    var series: SQLText? {
        guard !filters.isEmpty else { return nil }
        return Self.allSeries.then(.joined(filters.map(Self.matchesSeries), by: " AND "))
    }

    /// The same as a condition on `series`.
    func onSeries(_ series: String) -> SQLText? {
        guard !filters.isEmpty else { return nil }
        return Self.isAmong(series, .joined(filters.map(Self.matchesSeries), by: " AND "))
    }

    /// The same for events, whose tags may be in the series or in the rest.
    func onEvents() -> SQLText? {
        guard !filters.isEmpty else { return nil }
        return .joined(filters.map(Self.matchesEvent), by: " AND ")
    }

    /// The numbers of the sets outside of series that one of the conditions allows; `nil` where none is on such tags
    /// alone.
    var restSets: SQLText? {
        let narrowing = filters.first { filter in
            Dimension.unbounded.contains(filter.dimension) && !filter.values.isEmpty && !filter.values.contains(nil)
        }
        return narrowing.map { Self.sets(of: $0) }
    }

    private static func sets(of filter: SpendQuery.Filter) -> SQLText {
        tagSets(of: filter.dimension).then(" AND value").then(isIn(filter.values.compactMap(\.self)))
    }

    private static func isAmong(_ series: String, _ condition: SQLText) -> SQLText {
        SQLText("\(series) IN (").then(allSeries).then(condition).then(")")
    }

    private static let allSeries = SQLText(
        "SELECT series.id FROM series JOIN service ON service.id = series.service_id WHERE "
    )

    private static func matchesSeries(_ filter: SpendQuery.Filter) -> SQLText {
        let values = filter.values.compactMap(\.self)
        var alternatives: [SQLText] = []
        if let column = column(of: filter.dimension) {
            if !values.isEmpty { alternatives.append(SQLText(column).then(isIn(values))) }
            if filter.values.contains(nil) { alternatives.append(SQLText("\(column) IS NULL")) }
        } else {
            let sets = tagSets(of: filter.dimension)
            if !values.isEmpty {
                alternatives.append(
                    SQLText("series.tag_set_id IN (").then(sets).then(" AND value").then(isIn(values)).then(")")
                )
            }
            if filter.values.contains(nil) {
                alternatives.append(SQLText("series.tag_set_id NOT IN (").then(sets).then(")"))
            }
        }
        return anyOf(alternatives)
    }

    private static func matchesEvent(_ filter: SpendQuery.Filter) -> SQLText {
        guard column(of: filter.dimension) == nil else {
            return isAmong("event.series_id", matchesSeries(filter))
        }
        let values = filter.values.compactMap(\.self)
        let isUnbounded = Dimension.unbounded.contains(filter.dimension)
        let sets = tagSets(of: filter.dimension)
        var alternatives: [SQLText] = []
        if !values.isEmpty {
            alternatives.append(SQLText("event.rest_set_id IN (").then(Self.sets(of: filter)).then(")"))
            if !isUnbounded {
                let onlyValues = SpendQuery.Filter(filter.dimension, values)
                alternatives.append(isAmong("event.series_id", matchesSeries(onlyValues)))
            }
        }
        if filter.values.contains(nil) {
            let absent = SQLText("(event.rest_set_id IS NULL OR event.rest_set_id NOT IN (").then(sets).then("))")
            let onlyAbsent = SpendQuery.Filter(filter.dimension, [nil])
            let inSeries = isAmong("event.series_id", matchesSeries(onlyAbsent))
            alternatives.append(isUnbounded ? absent : absent.then(" AND ").then(inSeries))
        }
        return anyOf(alternatives)
    }

    /// The numbers of the sets with a value of `dimension`; more conditions may follow.
    static func tagSets(of dimension: Dimension) -> SQLText {
        SQLText(tagSetsByBlock + " WHERE dimension = ?", [.text(dimension.name)])
    }

    /// Asks each block of the index on values.
    private static let tagSetsByBlock =
        SQLText.blocks(of: "tag_set", by: "id", bits: 12)
        + "SELECT tag_set_id FROM block CROSS JOIN tag_set_tag ON (tag_set_id >> 12) = block.number"

    private static func isIn(_ values: [String]) -> SQLText {
        SQLText(" IN (\(values.map { _ in "?" }.joined(separator: ", ")))", values.map(SQLText.Argument.text))
    }

    /// No alternative at all matches nothing.
    private static func anyOf(_ alternatives: [SQLText]) -> SQLText {
        guard !alternatives.isEmpty else { return SQLText("0") }
        return SQLText("(").then(.joined(alternatives, by: " OR ")).then(")")
    }
}
