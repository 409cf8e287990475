import GRDB
import OutlayCore

/// Turns texts that repeat into numbers, making rows for new ones.
struct Interner {
    let db: Database
    var cache: WriterCache
    let valuesPerDayMax: Int
    /// Sets that nobody searches for, and the tags of all new ones, wait to be written with those of their batch.
    private var newSets: [NewSet] = []
    private var newTags: [(set: Int64, tag: Tag)] = []
    private var lastTagSet: Int64?

    private typealias NewSet = (id: Int64, hash: [UInt8]?)

    init(db: Database, cache: WriterCache, valuesPerDayMax: Int) {
        self.db = db
        self.cache = cache
        self.valuesPerDayMax = valuesPerDayMax
    }

    mutating func source(_ name: String) throws {
        guard cache.sources.insert(name).inserted else { return }
        let statement = try db.cachedStatement(sql: "INSERT OR IGNORE INTO source (name) VALUES (?)")
        statement.bind(name, at: 1)
        try statement.run()
    }

    /// The series of events at that place, whose tags are divided into what rollups carry and the rest.
    mutating func series(at place: SeriesPlace) throws -> PlacedSeries {
        if let known = cache.places[place] { return known }
        let known = cache.carriages[place.tags]
        let carriage = try known ?? carriage(of: place.tags)
        if known == nil { cache.carriages[place.tags] = carriage }
        let series = try series(tagSet: carriage.reporting, service: try service(place.service))
        let placed = PlacedSeries(series: series, past: carriage.past)
        cache.places[place] = placed
        return placed
    }

    /// The set of the tags that rollups do not carry; `nil` when there are none.
    mutating func rest(of row: BookedRow, past: [Dimension]) throws -> Int64? {
        if past.isEmpty {
            return row.unbounded.isEmpty ? nil : try tagSet(row.unbounded)
        }
        let tags = row.event.attribution.effective
        return try tagSet(tags.filter { $0.dimension.isUnbounded || past.contains($0.dimension) })
    }

    private mutating func series(tagSet: Int64, service: Int64) throws -> Int64 {
        let key = SeriesKey(tagSet: tagSet, service: service)
        if let id = cache.series[key] { return id }
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO series (tag_set_id, service_id) VALUES (?, ?)"
        )
        insert.bind(tagSet, at: 1)
        insert.bind(service, at: 2)
        try insert.run()
        let select = try db.cachedStatement(sql: "SELECT id FROM series WHERE tag_set_id = ? AND service_id = ?")
        select.bind(tagSet, at: 1)
        select.bind(service, at: 2)
        let id = try firstInteger(select) ?? 0
        cache.series[key] = id
        return id
    }

    private mutating func service(_ key: ServiceKey) throws -> Int64 {
        if let id = cache.services[key] { return id }
        let hash = key.hash
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO service (hash, provider, api, upstream, model, region, key_name, workspace)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        insert.bind(hash, at: 1)
        let texts = [key.provider, key.api, key.upstream, key.model, key.region, key.keyName, key.workspace]
        for (index, text) in texts.enumerated() { insert.bind(text, at: Int32(index + 2)) }
        try insert.run()
        let id = try number(ofHash: hash, sql: "SELECT id FROM service WHERE hash = ?") ?? 0
        cache.services[key] = id
        return id
    }

    private mutating func carriage(of key: DayTags) throws -> TagCarriage {
        var past: [Dimension] = []
        for tag in key.tags where try !carries(tag, day: key.day) { past.append(tag.dimension) }
        let carried = key.tags.filter { !past.contains($0.dimension) }
        return TagCarriage(reporting: try tagSet(carried), past: past)
    }

    private mutating func tagSet(_ tags: TagSet) throws -> Int64 {
        if let id = cache.tagSets[tags] { return id }
        let isDrawn = tags.contains(where: \.dimension.isDrawn)
        let id = try isDrawn ? newTagSet(tags) : sharedTagSet(tags)
        cache.tagSets[tags] = id
        return id
    }

    private mutating func sharedTagSet(_ tags: TagSet) throws -> Int64 {
        let hash = Hashing.hash(of: tags)
        return try number(ofHash: hash, sql: "SELECT id FROM tag_set WHERE hash = ?") ?? newTagSet(tags, hash: hash)
    }

    /// A run's set has no hash: it is made again when it was forgotten, as a search for every new one would cost more.
    private mutating func newTagSet(_ tags: TagSet, hash: [UInt8]? = nil) throws -> Int64 {
        let last = try lastTagSet ?? firstInteger(db.cachedStatement(sql: "SELECT MAX(id) FROM tag_set")) ?? 0
        let id = last &+ 1
        lastTagSet = id
        for tag in tags { newTags.append((id, tag)) }
        if let hash {
            try insertSets([(id, hash)])
        } else {
            newSets.append((id, nil))
        }
        return id
    }

    /// Writes what waits of new sets.
    mutating func writeNewSets() throws {
        try insertSets(newSets)
        try RowInsert(db, Self.tagSQL).run(newTags) { statement, row, first in
            statement.bind(row.set, at: first)
            statement.bind(row.tag.dimension.name, at: first &+ 1)
            statement.bind(row.tag.value, at: first &+ 2)
        }
        (newSets, newTags) = ([], [])
    }

    private func insertSets(_ sets: [NewSet]) throws {
        try RowInsert(db, Self.setSQL).run(sets) { statement, set, first in
            statement.bind(set.id, at: first)
            statement.bind(set.hash, at: first &+ 1)
        }
    }

    private static let setSQL = RowInsert.SQL(into: "tag_set", ["id", "hash"])
    private static let tagSQL = RowInsert.SQL(into: "tag_set_tag", ["tag_set_id", "dimension", "value"])

    /// Whether rollups carry this value on `day`: the first so many distinct values of a dimension are.
    private mutating func carries(_ tag: Tag, day: Int64) throws -> Bool {
        let place = DayTag(day: day, tag: tag)
        if let known = cache.carried[place] { return known }
        let isCarried = try admits(tag, day: day)
        cache.carried[place] = isCarried
        return isCarried
    }

    private mutating func admits(_ tag: Tag, day: Int64) throws -> Bool {
        let known = try db.cachedStatement(
            sql: "SELECT 1 FROM day_value WHERE day = ? AND dimension = ? AND value = ?"
        )
        bind(known, day: day, tag)
        if try firstInteger(known) != nil { return true }
        let key = DayDimension(day: day, dimension: tag.dimension)
        let count = try cache.valueCounts[key] ?? storedCount(key)
        cache.valueCounts[key] = count
        guard count < valuesPerDayMax else {
            let overflow = try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO day_overflow (day, dimension) VALUES (?, ?)"
            )
            overflow.bind(day, at: 1)
            overflow.bind(tag.dimension.name, at: 2)
            try overflow.run()
            return false
        }
        let insert = try db.cachedStatement(sql: "INSERT INTO day_value (day, dimension, value) VALUES (?, ?, ?)")
        bind(insert, day: day, tag)
        try insert.run()
        cache.valueCounts[key] = count + 1
        return true
    }

    /// Forgets which values a day had once nothing but stragglers arrive for it.
    ///
    /// A straggler's values are counted from none again, so that its day may carry up to twice as many.
    mutating func forgetValues(receiving time: Timestamp) throws {
        let day = TileGrain.day.start(of: time).microseconds
        guard cache.forgetfulDay != day else { return }
        let delete = try db.cachedStatement(sql: "DELETE FROM day_value WHERE day < ?")
        delete.bind(day &- Self.daysRemembered * 86_400_000_000, at: 1)
        try delete.run()
        cache.forgetfulDay = day
    }

    private static let daysRemembered: Int64 = 62

    private func storedCount(_ key: DayDimension) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "SELECT COUNT(*) FROM day_value WHERE day = ? AND dimension = ?"
        )
        statement.bind(key.day, at: 1)
        statement.bind(key.dimension.name, at: 2)
        return Int(truncatingIfNeeded: try firstInteger(statement) ?? 0)
    }

    private func bind(_ statement: Statement, day: Int64, _ tag: Tag) {
        statement.bind(day, at: 1)
        statement.bind(tag.dimension.name, at: 2)
        statement.bind(tag.value, at: 3)
    }

    private func number(ofHash hash: [UInt8], sql: String) throws -> Int64? {
        let statement = try db.cachedStatement(sql: sql)
        statement.bind(hash, at: 1)
        return try firstInteger(statement)
    }

    private func firstInteger(_ statement: Statement) throws -> Int64? {
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }
}
