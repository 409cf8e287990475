#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import GRDB
package import OutlayCore
import Synchronization

/// The ledger in one SQLite database file: no server, no set-up.
///
/// One process has the file, one connection writes, a few read. A commit is on the disk when `append` returns
/// (`synchronous = FULL`). Keeps the contract `ledgerContract(_:)`.
package final class SQLiteLedger: Sendable {
    package let path: String
    let pool: DatabasePool
    private let lock: LockFile
    private let cache = Mutex(WriterCache())
    private let failure = Mutex<String?>(nil)
    private let valuesPerDayMax: Mutex<Int>
    private let tilesWaitingMax: Int
    private let eventsWaitingMax: Int
    let observationsWaitingMax: Int

    /// Opens the ledger, making or migrating the database as needed.
    ///
    /// - Parameters:
    ///   - tilesWaitingMax: how many tiles wait in runs before they are folded; a question reads what waits.
    ///   - eventsWaitingMax: how many events, of some 100 bytes each, wait before a block of the indexes is written.
    ///   - observationsWaitingMax: how many observations, of some 150 bytes each, wait before the indexes are written.
    /// - Throws: ``LedgerError/locked(by:)`` while another process has it, ``LedgerError/unavailable(reason:)``
    ///   when the file is newer than this program or not a ledger; nothing is written then.
    package init(
        path: String,
        tags: TagSettings = TagSettings(),
        tilesWaitingMax: Int = 4096,
        eventsWaitingMax: Int = 8192,
        observationsWaitingMax: Int = 16_384
    ) throws(LedgerError) {
        self.path = path
        self.tilesWaitingMax = tilesWaitingMax
        self.eventsWaitingMax = eventsWaitingMax
        self.observationsWaitingMax = observationsWaitingMax
        valuesPerDayMax = Mutex(tags.valuesPerDayMax)
        lock = try LockFile(path: path + ".lock")
        do {
            try Self.prepareFile(path)
            pool = try DatabasePool(path: path, configuration: Self.configuration)
            try pool.writeWithoutTransaction { db in
                try Self.makeDurable(db)
                try Schema.migrate(db)
            }
        } catch {
            throw LedgerError(error)
        }
    }

    /// Takes over the cardinality limit of new settings, from the next batch on.
    package func use(_ tags: TagSettings) {
        valuesPerDayMax.withLock { $0 = tags.valuesPerDayMax }
    }

    /// What an operator should know about the SQLite this program runs with, one sentence each.
    package static var warnings: [String] {
        let version = Database.sqliteLibVersionNumber
        guard version < 3_051_003 else { return [] }
        return [
            "SQLite \(version / 1_000_000).\(version / 1000 % 1000).\(version % 1000) is older than 3.51.3, which "
                + "mends a rare corruption when two processes share a ledger; let no other program open the file."
        ]
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 4
        configuration.label = "outlay.ledger"
        return configuration
    }

    /// Refuses a file this program must not touch, and makes a missing one readable by its owner only.
    private static func prepareFile(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SchemaError("the ledger \(path) cannot be opened: \(LockFile.reason(errno))")
        }
        defer { close(descriptor) }
        guard lseek(descriptor, 0, SEEK_END) > 0 else { return }
        var readOnly = Configuration()
        readOnly.readonly = true
        try DatabaseQueue(path: path, configuration: readOnly).read { try Schema.check($0) }
        _ = fchmod(descriptor, 0o600)
    }

    /// GRDB sets `synchronous = NORMAL` when it opens a pool, which may lose commits in a power cut.
    private static func makeDurable(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 16384")
        try db.execute(sql: "PRAGMA cache_size = -16384")
        let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode")
        guard synchronous == 2, journal == "wal" else {
            throw SchemaError("the file system cannot keep a ledger durable: it needs WAL and fsync")
        }
    }
}

extension SQLiteLedger {
    /// Runs `body` in one transaction on the writer.
    ///
    /// After a failed fsync the state of the disk is unknown and asking again may lie, so nothing is
    /// acknowledged any more until the process restarts and recovers.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        if let reason = failure.withLock({ $0 }) { throw .unavailable(reason: reason) }
        do {
            return try await pool.writeWithoutTransaction { db in try self.transact(db, body) }
        } catch {
            if let error = error as? DatabaseError, error.endsWriting { stopWriting(after: error) }
            throw LedgerError(error)
        }
    }

    /// Numbers that the cache learned in a transaction are void when it fails, the commit included.
    private func transact<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        do {
            var value: Value?
            try db.inTransaction(.immediate) {
                value = try body(db)
                return .commit
            }
            guard let value else { throw LedgerError.unavailable(reason: "the transaction had no result") }
            return value
        } catch {
            cache.withLock { $0 = WriterCache() }
            throw error
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw LedgerError(error)
        }
    }

    private func stopWriting(after error: DatabaseError) {
        let code = error.extendedResultCode.rawValue
        failure.withLock { reason in
            reason = reason ?? "writing stopped after disk error \(code); check the disk, then restart Outlay"
        }
    }
}

extension SQLiteLedger: Ledger {
    package func append(_ events: [CostEvent]) async throws(LedgerError) -> AppendResult {
        var rows: [BookedRow] = []
        rows.reserveCapacity(events.count)
        for event in events { rows.append(try BookedRow(event)) }
        let booked = rows
        return try await write { db in try self.book(booked, in: db) }
    }

    /// Hands the remembered events to whoever looks among them, and gives them back before events are booked.
    func takeRecentEvents() -> RecentEvents? {
        cache.withLock { cache in
            defer { cache.events = nil }
            return cache.events
        }
    }

    func remember(_ events: RecentEvents?) {
        cache.withLock { $0.events = events }
    }

    /// Hands the remembered observations to a transaction of the writer, which gives them back at its end.
    func takeRecentObservations() -> RecentObservations? {
        cache.withLock { cache in
            defer { cache.observations = nil }
            return cache.observations
        }
    }

    func remember(_ observations: RecentObservations) {
        cache.withLock { $0.observations = observations }
    }

    func book(_ rows: [BookedRow], in db: Database) throws -> AppendResult {
        let limit = valuesPerDayMax.withLock { $0 }
        return try cache.withLock { cache in
            let taken = cache
            cache = WriterCache()
            var batch = try EventBatch(db, cache: taken, valuesPerDayMax: limit)
            try batch.book(rows)
            let result = try batch.finish(tilesWaitingMax: tilesWaitingMax, eventsWaitingMax: eventsWaitingMax)
            cache = batch.cache
            return result
        }
    }
}
