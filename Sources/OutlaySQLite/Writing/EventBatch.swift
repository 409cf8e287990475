import GRDB
import OutlayCore

/// One transaction's worth of events: rows, sums and chain, all or nothing.
struct EventBatch {
    private let db: Database
    private let statements: EventStatements
    private var interner: Interner
    private var quarters = TileSums()
    private var names = EventNames()
    private var lastSequence: Int64 = 0
    private var lastReceivedAt = Timestamp(microseconds: 0)
    private var result = AppendResult()
    private var head: [UInt8]

    var cache: WriterCache { interner.cache }

    init(_ db: Database, cache: WriterCache, valuesPerDayMax: Int) throws {
        self.db = db
        statements = try EventStatements(db)
        interner = Interner(db: db, cache: cache, valuesPerDayMax: valuesPerDayMax)
        head = try statements.chainHead()
    }

    mutating func book(_ row: BookedRow) throws {
        try statements.insertIdentity(row)
        guard db.changedRows > 0 else { return try noteDuplicate(row) }
        let sequence = db.lastInsertedRowID
        try interner.source(row.event.id.source)
        let placed = try interner.series(at: row.place)
        let series = placed.series
        let rest = try interner.rest(of: row, past: placed.past)
        try statements.insertEvent(row, sequence: sequence, series: series, rest: rest)
        try statements.insertParts(row, sequence: sequence)
        names.note(row.event, sequence: sequence)
        let start = TileGrain.quarterHour.start(of: row.event.at)
        quarters.add(row.sums, to: TilePlace(start: start, series: series))
        lastSequence = sequence
        lastReceivedAt = row.event.receivedAt
        head = Hashing.link(head: head, content: row.contentHash, receivedAt: row.event.receivedAt)
        result.new += 1
    }

    /// Writes the sums and the chain.
    mutating func finish(tilesWaitingMax: Int) throws -> AppendResult {
        guard result.new > 0 else { return result }
        try names.write(to: db)
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
        guard try statements.contentHash(of: row.identityHash) != row.contentHash else { return }
        result.conflicts += 1
        try statements.insertConflict(row)
    }
}
