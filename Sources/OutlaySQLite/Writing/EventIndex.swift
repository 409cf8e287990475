import GRDB
import OutlayCore

/// The indexes of events on what is drawn at random: written in their own order, a block of events at a time.
struct EventIndex {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// Everything that came in since the last block was written.
    func readRecent() throws -> RecentEvents {
        var recent = RecentEvents(after: try Int64.fetchOne(db, sql: "SELECT MAX(last) FROM event_block") ?? 0)
        let select = try db.cachedStatement(
            sql: """
                SELECT event.sequence, at, names, rest_set_id, kind = 0 AND upstream IS NOT NULL FROM event
                JOIN series ON series.id = event.series_id JOIN service ON service.id = series.service_id
                WHERE event.sequence > ? ORDER BY event.sequence
                """
        )
        select.bind(recent.last, at: 1)
        defer { select.reset() }
        while try select.step() {
            let at = select.integer(1)
            recent.add(
                select.integer(0),
                at: at,
                names: [Int64](blob: select.blob(2)),
                rest: select.isNull(3) ? nil : select.integer(3),
                gatewayAt: select.integer(4) == 0 ? nil : at
            )
        }
        return recent
    }

    /// Makes a block of what is remembered once it is as much as that.
    func write(_ recent: inout RecentEvents, from countMax: Int) throws {
        guard recent.count >= max(1, countMax) else { return }
        let block = recent.last
        try RowInsert(db, Self.nameSQL).run(recent.names.sorted()) { statement, row, first in
            statement.bind(block, at: first)
            statement.bind(row.name, at: first &+ 1)
            statement.bind(row.sequence, at: first &+ 2)
        }
        try RowInsert(db, Self.restSQL).run(recent.rests.sorted()) { statement, row, first in
            statement.bind(row.set, at: first)
            statement.bind(row.at, at: first &+ 1)
            statement.bind(row.sequence, at: first &+ 2)
        }
        let insert = try db.cachedStatement(
            sql: "INSERT INTO event_block (last, gateway_first_at, gateway_last_at) VALUES (?, ?, ?)"
        )
        insert.bind(block, at: 1)
        insert.bind(recent.gatewaySpan?.lowerBound, at: 2)
        insert.bind(recent.gatewaySpan?.upperBound, at: 3)
        try insert.run()
        recent = RecentEvents(after: block)
    }

    private static let nameSQL = RowInsert.SQL("INSERT OR IGNORE", into: "event_name", ["block", "name", "sequence"])
    private static let restSQL = RowInsert.SQL(into: "event_rest", ["rest_set_id", "at", "sequence"])

    /// The events of that name, in the order they were booked; what else shares its hash may be among them.
    func sequences(named name: Int64) throws -> [Int64] {
        let indexed = try db.cachedStatement(sql: Self.indexedNames)
        indexed.bind(name, at: 1)
        let recent = try db.cachedStatement(
            sql: "SELECT sequence FROM event WHERE \(Self.isRecent) AND instr(names, ?) > 0 ORDER BY sequence"
        )
        recent.bind([name].blob, at: 1)
        return try SQLiteLedger.integers(indexed).sorted() + SQLiteLedger.integers(recent)
    }

    /// Asks every block.
    static let indexedNames = """
        SELECT sequence FROM event_block CROSS JOIN event_name ON event_name.block = event_block.last AND name = ?
        """

    /// Holds for events that no index holds yet.
    static let isRecent = "event.sequence > coalesce((SELECT MAX(last) FROM event_block), 0)"

    func sequences(named name: Int64, in block: Int64) throws -> [Int64] {
        let select = try db.cachedStatement(sql: "SELECT sequence FROM event_name WHERE block = ? AND name = ?")
        select.bind(block, at: 1)
        select.bind(name, at: 2)
        return try SQLiteLedger.integers(select)
    }

    /// The blocks with calls of the gateway that began in `span`, the latest first.
    func blocks(withGatewayCallsIn span: Range<Timestamp>) throws -> [Int64] {
        let select = try db.cachedStatement(
            sql: """
                SELECT last FROM event_block
                WHERE gateway_last_at >= ? AND gateway_first_at < ? ORDER BY last DESC
                """
        )
        select.bind(span.lowerBound.microseconds, at: 1)
        select.bind(span.upperBound.microseconds, at: 2)
        return try SQLiteLedger.integers(select)
    }

    /// Takes events that leave out of the indexes, before their rows go.
    func remove(_ sequences: [Int64]) throws {
        let blocks = try Int64.fetchAll(db, sql: "SELECT last FROM event_block ORDER BY last")
        let select = try db.cachedStatement(sql: "SELECT at, rest_set_id, names FROM event WHERE sequence = ?")
        let rest = try db.cachedStatement(
            sql: "DELETE FROM event_rest WHERE rest_set_id = ? AND at = ? AND sequence = ?"
        )
        let name = try db.cachedStatement(sql: "DELETE FROM event_name WHERE block = ? AND name = ? AND sequence = ?")
        for sequence in sequences {
            let place = blocks.partitioningIndex { $0 >= sequence }
            guard place < blocks.count else { continue }
            select.bind(sequence, at: 1)
            guard try select.step() else { continue }
            let (at, set) = (select.integer(0), select.isNull(1) ? nil : select.integer(1))
            let names = [Int64](blob: select.blob(2))
            select.reset()
            if let set {
                rest.bind(set, at: 1)
                rest.bind(at, at: 2)
                rest.bind(sequence, at: 3)
                try rest.run()
            }
            for text in names {
                name.bind(blocks[place], at: 1)
                name.bind(text, at: 2)
                name.bind(sequence, at: 3)
                try name.run()
            }
        }
    }
}

extension [Int64] {
    /// Where the first number is that `isPast` holds for, of ascending ones.
    fileprivate func partitioningIndex(_ isPast: (Int64) -> Bool) -> Int {
        var range = startIndex..<endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isPast(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}
