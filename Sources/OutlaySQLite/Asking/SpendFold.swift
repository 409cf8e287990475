import GRDB
import OutlayCore

/// Adds rows up per bucket and asked key.
struct SpendFold {
    private var keys: GroupKeys
    private var slots = Slots()
    private var places: [(bucket: Int64, group: Int)] = []
    private var sums: [ColumnSums] = []

    init(_ query: SpendQuery, in db: Database) throws {
        keys = try GroupKeys(query.by, in: db)
    }

    /// Rows of bucket, number of the row and sums; `series` are those asked for, `nil` for all.
    mutating func addTiles(_ rows: Statement, of series: Set<Int64>?) throws {
        while try rows.step() {
            let (bucket, id) = (rows.integer(0), rows.integer(1))
            let groups = try keys.groups(ofBlock: TileRow.firstSeries(of: id))
            var reader = ByteReader(rows.blob(2))
            try reader.row(id) { place, part in
                guard series?.contains(place.series) != false else { return }
                let group = try GroupKeys.group(of: place.series, in: groups)
                sums[index(bucket: bucket, group: group)] += part
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

    /// Made one by one: as rows they take several times the room of sums.
    var rows: some Sequence<SpendRow> {
        zip(places, sums).lazy.map { place, sum in
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
        index(bucket: bucket, group: try keys.group(series: series, rest: rest))
    }

    private mutating func index(bucket: Int64, group: Int) -> Int {
        if let known = slots[bucket, group] { return known }
        slots[bucket, group] = places.count
        places.append((bucket, group))
        sums.append(ColumnSums())
        return places.count - 1
    }
}

/// Where the sum of a bucket and group stands: rows come bucket by bucket, and a list is quicker than hashing.
private struct Slots {
    private var bucket: Int64 = -1
    private var ofGroup: [Int] = []
    private var others: [Int64: [Int]] = [:]

    subscript(bucket: Int64, group: Int) -> Int? {
        mutating get {
            turn(to: bucket)
            return group < ofGroup.count && ofGroup[group] >= 0 ? ofGroup[group] : nil
        }
        set {
            turn(to: bucket)
            while ofGroup.count <= group { ofGroup.append(-1) }
            ofGroup[group] = newValue ?? -1
        }
    }

    private mutating func turn(to bucket: Int64) {
        guard bucket != self.bucket else { return }
        others[self.bucket] = ofGroup
        self.bucket = bucket
        ofGroup = others.removeValue(forKey: bucket) ?? []
    }
}

/// The asked key of each series, and of each rest of the tags, looked up once.
private struct GroupKeys {
    private struct Place: Hashable {
        let series: Int64
        let rest: Int64
    }

    /// The key of each group.
    private(set) var values: [[String?]] = []
    private var groups: [[String?]: Int] = [:]
    private var ofPlace: [Place: Int] = [:]
    /// The groups of neighbouring series by the first of them; -1 for a series that is not there.
    private var ofBlock: [Int64: [Int]] = [:]
    private var ofRest: [Int64: TagSet] = [:]
    /// More tag sets than these are looked up each time.
    private static let restsMax = 4096
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
        let select = SQLText("SELECT series.id, \(fields) FROM series JOIN service ON service.id = series.service_id")
            .then(joins).then(" WHERE series.id >= ? AND series.id < ?")
        series = try select.statement(in: db)
        tags = try db.makeStatement(sql: "SELECT dimension, value FROM tag_set_tag WHERE tag_set_id = ?")
        seriesParameter = Int32(joins.arguments.count + 1)
    }

    mutating func group(series: Int64, rest: Int64?) throws -> Int {
        guard let rest else { return try Self.group(of: series, in: groups(ofBlock: TileRow.block(of: series))) }
        let place = Place(series: series, rest: rest)
        if let known = ofPlace[place] { return known }
        let group = group(of: try key(of: place))
        ofPlace[place] = group
        return group
    }

    /// The group of a series in those of its block.
    static func group(of series: Int64, in groups: [Int]) throws -> Int {
        let group = groups[Int(TileRow.offset(of: series))]
        guard group >= 0 else {
            throw LedgerError.unreadable(id: "series \(series)", reason: "its row is missing")
        }
        return group
    }

    /// The groups of the series that share a row of tiles with `first`, the first of them.
    mutating func groups(ofBlock first: Int64) throws -> [Int] {
        if let known = ofBlock[first] { return known }
        var groups = [Int](repeating: -1, count: Int(TileRow.seriesMax))
        bind(first..<first + TileRow.seriesMax)
        defer { series.reset() }
        while try series.step() {
            groups[Int(TileRow.offset(of: series.integer(0)))] = group(of: seriesKey)
        }
        ofBlock[first] = groups
        return groups
    }

    private mutating func group(of key: [String?]) -> Int {
        if let known = groups[key] { return known }
        groups[key] = values.count
        values.append(key)
        return values.count - 1
    }

    private func bind(_ range: Range<Int64>) {
        series.bind(range.lowerBound, at: seriesParameter)
        series.bind(range.upperBound, at: seriesParameter + 1)
    }

    /// The key in the row the statement stands on.
    private var seriesKey: [String?] {
        by.indices.map { series.text(Int32(truncatingIfNeeded: $0 + 1)) }
    }

    private mutating func key(of place: Place) throws -> [String?] {
        bind(place.series..<place.series + 1)
        defer { series.reset() }
        guard try series.step() else {
            throw LedgerError.unreadable(id: "series \(place.series)", reason: "its row is missing")
        }
        var key = seriesKey
        let tags = try restTags(place.rest)
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
        let tags = TagSet(found)
        if ofRest.count < Self.restsMax { ofRest[id] = tags }
        return tags
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
