import GRDB
import OutlayCore

/// Adds rows up per bucket and asked key.
struct SpendFold {
    private struct Place: Hashable {
        let bucket: Int64
        let group: Int
    }

    private var keys: GroupKeys
    private var indexes: [Place: Int] = [:]
    private var places: [Place] = []
    private var sums: [ColumnSums] = []

    init(_ query: SpendQuery, in db: Database) throws {
        keys = try GroupKeys(query.by, in: db)
    }

    /// Rows of bucket, number of the row and sums; `series` are those asked for, `nil` for all.
    mutating func addTiles(_ rows: Statement, of series: Set<Int64>?) throws {
        while try rows.step() {
            let bucket = rows.integer(0)
            var reader = ByteReader(rows.blob(2))
            try reader.row(rows.integer(1)) { place, sums in
                if series?.contains(place.series) != false { try add(sums, series: place.series, to: bucket) }
            }
        }
    }

    /// What waits in runs, where one of the spans holds its time.
    mutating func addRuns(in db: Database, _ spans: [SpendPlan.TileSpan], of series: Set<Int64>?) throws {
        try TileRuns.forEach(in: db) { place, sums in
            guard series?.contains(place.series) != false else { return }
            let next = spans.partitioningIndex { $0.range.lowerBound > place.start }
            guard next > 0, spans[next - 1].range.contains(place.start) else { return }
            try add(sums, series: place.series, to: spans[next - 1].bucket)
        }
    }

    private mutating func add(_ part: ColumnSums, series: Int64, to bucket: Int64) throws {
        let index = try index(bucket: bucket, series: series, rest: nil)
        sums[index] += part
    }

    /// Rows of bucket, series, rest, counters and amounts.
    mutating func addEvents(_ rows: Statement) throws {
        while try rows.step() {
            let index = try index(of: rows)
            Self.addCounters(rows, to: &sums[index])
            let first = Self.firstSum + Int32(SumColumns.counters.count)
            sums[index].effective += Int128(rows.integer(first))
            sums[index].list += Int128(rows.integer(first + 1))
            sums[index].notional += Int128(rows.integer(first + 2))
        }
    }

    /// Rows of bucket, series, rest, unit and quantity.
    mutating func addUsage(_ rows: Statement) throws {
        while try rows.step() {
            let index = try index(of: rows)
            sums[index].others[rows.text(Self.firstSum) ?? "", default: 0] &+= rows.integer(Self.firstSum + 1)
        }
    }

    var rows: [SpendRow] {
        zip(places, sums).map { place, sum in
            SpendRow(key: keys.values[place.group], bucket: Int(place.bucket), sum: sum.spend)
        }
    }

    private static let firstSum: Int32 = 3

    private static func addCounters(_ row: Statement, to sum: inout ColumnSums) {
        for counter in SumColumns.counters.indices {
            sum.counters[counter] &+= row.integer(firstSum + Int32(truncatingIfNeeded: counter))
        }
    }

    private mutating func index(of row: Statement) throws -> Int {
        try index(
            bucket: row.integer(0),
            series: row.integer(1),
            rest: row.isNull(2) ? nil : row.integer(2)
        )
    }

    private mutating func index(bucket: Int64, series: Int64, rest: Int64?) throws -> Int {
        let place = Place(bucket: bucket, group: try keys.group(series: series, rest: rest))
        if let known = indexes[place] { return known }
        indexes[place] = places.count
        places.append(place)
        sums.append(ColumnSums())
        return places.count - 1
    }
}

/// The asked key of each series, and of each rest of the tags, looked up once.
private struct GroupKeys {
    private struct Place: Hashable {
        let series: Int64
        let rest: Int64?
    }

    /// The key of each group.
    private(set) var values: [[String?]] = []
    private var groups: [[String?]: Int] = [:]
    private var ofPlace: [Place: Int] = [:]
    private var ofRest: [Int64: TagSet] = [:]
    private let by: [Dimension]
    private let series: Statement
    private let seriesParameter: Int32
    private let tags: Statement

    init(_ by: [Dimension], in db: Database) throws {
        self.by = by
        var joins = SQLText("")
        var columns: [String] = []
        for (index, dimension) in by.enumerated() {
            if let column = SpendFilters.column(of: dimension) {
                columns.append(column)
            } else {
                columns.append("tag\(index).value")
                let join = " LEFT JOIN tag_set_tag AS tag\(index) ON tag\(index).tag_set_id = series.tag_set_id"
                joins = joins.then(SQLText(join + " AND tag\(index).dimension = ?", [.text(dimension.name)]))
            }
        }
        let fields = columns.isEmpty ? "NULL" : columns.joined(separator: ", ")
        let select = SQLText("SELECT \(fields) FROM series JOIN service ON service.id = series.service_id")
            .then(joins).then(" WHERE series.id = ?")
        series = try select.statement(in: db)
        tags = try db.makeStatement(sql: "SELECT dimension, value FROM tag_set_tag WHERE tag_set_id = ?")
        seriesParameter = Int32(joins.arguments.count + 1)
    }

    mutating func group(series: Int64, rest: Int64?) throws -> Int {
        let place = Place(series: series, rest: rest)
        if let known = ofPlace[place] { return known }
        let key = try key(of: place)
        let group = groups[key] ?? values.count
        if group == values.count {
            groups[key] = group
            values.append(key)
        }
        ofPlace[place] = group
        return group
    }

    private mutating func key(of place: Place) throws -> [String?] {
        series.bind(place.series, at: seriesParameter)
        defer { series.reset() }
        guard try series.step() else {
            throw LedgerError.unreadable(id: "series \(place.series)", reason: "its row is missing")
        }
        var key = by.indices.map { series.text(Int32(truncatingIfNeeded: $0)) }
        guard let rest = place.rest else { return key }
        let tags = try restTags(rest)
        for (index, dimension) in by.enumerated() where key[index] == nil && SpendFilters.column(of: dimension) == nil {
            key[index] = tags[dimension]
        }
        return key
    }

    private mutating func restTags(_ id: Int64) throws -> TagSet {
        if let known = ofRest[id] { return known }
        tags.bind(id, at: 1)
        defer { tags.reset() }
        var found: [Tag] = []
        while try tags.step() {
            if let dimension = Dimension(tags.text(0) ?? "") { found.append(Tag(dimension, tags.text(1) ?? "")) }
        }
        ofRest[id] = TagSet(found)
        return TagSet(found)
    }
}

extension [SpendPlan.TileSpan] {
    /// The index of the first span, in the order of time, that `isAfter`.
    fileprivate func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
