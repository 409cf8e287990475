import GRDB
import OutlayCore

/// One transaction's worth of events: rows, sums and chain, all or nothing.
struct EventBatch {
    private let db: Database
    private let statements: EventStatements
    private var interner: Interner
    private var quarters = TileSums()
    private var recent: RecentEvents
    private var lastSequence: Int64 = 0
    private var lastReceivedAt = Timestamp(microseconds: 0)
    private var result = AppendResult()
    private var head: [UInt8]

    /// What the next batch is to know.
    var cache: WriterCache {
        var cache = interner.cache
        cache.events = recent
        return cache
    }

    init(_ db: Database, cache: consuming WriterCache, valuesPerDayMax: Int) throws {
        self.db = db
        recent = try cache.events ?? EventIndex(db).readRecent()
        cache.events = nil
        statements = try EventStatements(db)
        interner = Interner(db: db, cache: cache, valuesPerDayMax: valuesPerDayMax)
        head = try statements.chainHead()
    }

    /// Books rows in their order; what is written for each is kept together, to be written at once.
    mutating func book(_ rows: [BookedRow]) throws {
        var placed: [PlacedRow] = []
        placed.reserveCapacity(rows.count)
        var rest = rows[...]
        while !rest.isEmpty {
            let some = rest.prefix(RowInsert.rowsMax)
            for (row, sequence) in zip(some, try statements.insertIdentities(some)) {
                if let sequence {
                    placed.append(try place(row, sequence: sequence))
                } else {
                    try noteDuplicate(row)
                }
            }
            rest = rest.dropFirst(some.count)
        }
        try statements.insertEvents(placed)
        try statements.insertParts(placed)
    }

    private mutating func place(_ row: BookedRow, sequence: Int64) throws -> PlacedRow {
        try interner.source(row.event.id.source)
        let series = try interner.series(at: row.place)
        let rest = try interner.rest(of: row, past: series.past)
        let at = row.event.at
        recent.add(sequence, at: at.microseconds, names: row.names, rest: rest, gatewayAt: row.gatewayAt)
        let start = TileGrain.quarterHour.start(of: at)
        quarters.add(row.sums, to: TilePlace(start: start, series: series.series))
        lastSequence = sequence
        lastReceivedAt = row.event.receivedAt
        head = Hashing.link(head: head, content: row.contentHash, receivedAt: row.event.receivedAt)
        result.new += 1
        return PlacedRow(row: row, sequence: sequence, series: series.series, rest: rest)
    }

    /// Writes the sums and the chain.
    mutating func finish(tilesWaitingMax: Int, eventsWaitingMax: Int) throws -> AppendResult {
        guard result.new > 0 else { return result }
        try interner.writeNewSets()
        try EventIndex(db).write(&recent, from: eventsWaitingMax)
        try statements.moveChain(to: head, by: result.new)
        try interner.forgetValues(receiving: lastReceivedAt)
        try addSums(tilesWaitingMax)
        return result
    }

    /// Late events are summed at their own time like all others.
    private mutating func addSums(_ waitingMax: Int) throws {
        let runs = TileRuns(db)
        let waiting = try interner.cache.tilesWaiting ?? runs.waiting()
        try runs.append(quarters, after: lastSequence)
        let isFull = waiting + quarters.count >= waitingMax
        if isFull { try runs.fold() }
        interner.cache.tilesWaiting = isFull ? 0 : waiting + quarters.count
    }

    /// The first content stays; another one is kept beside it for whoever looks into the conflict.
    private mutating func noteDuplicate(_ row: BookedRow) throws {
        result.skipped.insert(result.new + result.duplicates)
        result.duplicates += 1
        guard try statements.identity(of: row).contentHash != row.contentHash else { return }
        result.conflicts += 1
        try statements.insertConflict(row)
    }
}
