import GRDB
import OutlayCore

/// The tables of telemetry, inside one transaction.
final class TelemetryTables: TelemetryTransaction {
    let db: Database
    /// Blocks of the gateway's calls around a time, asked once per transaction and hour.
    var blocks: [Range<Timestamp>: [Block]] = [:]
    /// What every report asks and writes, found once per transaction.
    lazy var rows = Result { try ObservationStatements(db) }
    /// New observations, in the order of their numbers.
    var unwritten: [(id: Int64, row: ObservationRow)] = []
    /// The events that no index holds yet, where the writer remembers them.
    var recentEvents: RecentEvents?
    private var known: RecentObservations?

    /// - Parameters: what the writer remembers; read from the tables where nobody does.
    init(_ db: Database, recent: RecentObservations? = nil, recentEvents: RecentEvents? = nil) {
        self.db = db
        self.recentEvents = recentEvents
        known = recent
    }

    /// The observations that the indexes do not hold yet.
    var recent: RecentObservations {
        get throws {
            if let known { return known }
            let read = try readRecent()
            known = read
            return read
        }
    }

    /// What was asked for before is changed in its place.
    func changeRecent(_ change: (inout RecentObservations) -> Void) throws {
        var changed = try recent
        known = nil
        change(&changed)
        known = changed
    }

    func source(_ name: TelemetrySourceName) throws -> Int64 {
        let find = try db.cachedStatement(
            sql: "SELECT id FROM telemetry_source WHERE workspace = ? AND key_name = ?"
        )
        find.bind(name.workspace, at: 1)
        find.bind(name.key, at: 2)
        if let found = try SQLiteLedger.integers(find).first { return found }
        let insert = try db.cachedStatement(sql: "INSERT INTO telemetry_source (workspace, key_name) VALUES (?, ?)")
        insert.bind(name.workspace, at: 1)
        insert.bind(name.key, at: 2)
        try insert.run()
        return db.lastInsertedRowID
    }

    func sourceName(_ source: Int64) throws -> TelemetrySourceName? {
        let find = try db.cachedStatement(sql: "SELECT workspace, key_name FROM telemetry_source WHERE id = ?")
        find.bind(source, at: 1)
        defer { find.reset() }
        guard try find.step(), let workspace = find.text(0), let key = find.text(1) else { return nil }
        return TelemetrySourceName(workspace: workspace, key: key)
    }

    /// Says of a damaged row where it is.
    static func reading<Value>(
        _ group: UInt128,
        _ body: () throws(CodecError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw LedgerError.unreadable(id: "telemetry \(group.hexadecimal(digits: 32))", reason: error.reason)
        }
    }
}

extension Statement {
    func standing(revision: Int32, inputs: Int32) -> TelemetryStanding {
        TelemetryStanding(
            revision: integer(revision),
            inputs: isNull(inputs) ? nil : UInt64(bitPattern: integer(inputs))
        )
    }
}

extension UInt128 {
    /// From the 16 bytes of a key.
    init(blob: [UInt8]) {
        self = blob.prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
