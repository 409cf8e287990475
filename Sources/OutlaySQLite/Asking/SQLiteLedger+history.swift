import GRDB
package import OutlayCore

extension SQLiteLedger {
    package func history(of id: String) async throws(LedgerError) -> [CostEvent] {
        try await read { db in
            var found = try Self.sequences(named: id, in: db)
            if CallID(id) != nil {
                for sequence in found { found.formUnion(try Self.attempts(besides: sequence, in: db)) }
            }
            var pending = Array(found)
            while let sequence = pending.popLast() {
                for correction in try Self.corrections(of: sequence, in: db) where found.insert(correction).inserted {
                    pending.append(correction)
                }
            }
            return try found.sorted().map { try Self.recorded($0, in: db).event }
        }
    }

    package func events(
        in span: Range<Timestamp>,
        after: Int64,
        limit: Int
    ) async throws(LedgerError) -> [RecordedEvent] {
        guard limit > 0, !span.isEmpty else { return [] }
        return try await read { db in
            let first = after > 0 ? after : try Self.sequenceBefore(span, in: db)
            let page = try db.cachedStatement(
                sql: "SELECT sequence FROM event WHERE sequence > ? AND +at >= ? AND +at < ? ORDER BY sequence LIMIT ?"
            )
            page.bind(first, at: 1)
            page.bind(span.lowerBound.microseconds, at: 2)
            page.bind(span.upperBound.microseconds, at: 3)
            page.bind(Int64(limit), at: 4)
            return try Self.integers(page).map { try Self.recorded($0, in: db) }
        }
    }

    /// The last sequence number before the span's first event, so that a late month is not searched from the start.
    private static func sequenceBefore(_ span: Range<Timestamp>, in db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: "SELECT MIN(sequence) FROM event INDEXED BY event_at WHERE at >= ? AND at < ?"
        )
        statement.bind(span.lowerBound.microseconds, at: 1)
        statement.bind(span.upperBound.microseconds, at: 2)
        return try integers(statement).first.map { $0 - 1 } ?? 0
    }

    /// Events of that call, that own name or that response.
    private static func sequences(named id: String, in db: Database) throws -> Set<Int64> {
        var found: Set<Int64> = []
        if let call = CallID(id) {
            found.formUnion(try attempts(of: call, in: db))
        }
        for sequence in try EventIndex(db).sequences(named: EventNames.name(ofResponse: id)) {
            if try recorded(sequence, in: db).event.links.responseID == id { found.insert(sequence) }
        }
        let byIdentity = try db.cachedStatement(
            sql: """
                SELECT event.sequence FROM event_identity JOIN event ON event.sequence = event_identity.sequence
                WHERE identity_hash = ?
                """
        )
        for source in try String.fetchAll(db, sql: "SELECT name FROM source") {
            byIdentity.bind(Hashing.identity(EventID(source: source, id: id)), at: 1)
            found.formUnion(try integers(byIdentity))
        }
        return found
    }

    /// Every attempt of the call, and what corrects it.
    private static func attempts(of call: CallID, in db: Database) throws -> [Int64] {
        try EventIndex(db).sequences(named: EventNames.name(of: call)).filter { sequence in
            try recorded(sequence, in: db).event.links.call == call
        }
    }

    /// Every attempt of the call that the event is an attempt of.
    private static func attempts(besides sequence: Int64, in db: Database) throws -> [Int64] {
        try recorded(sequence, in: db).event.links.call.map { try attempts(of: $0, in: db) } ?? []
    }

    private static func corrections(of sequence: Int64, in db: Database) throws -> [Int64] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sequence FROM event
                WHERE target_hash = (SELECT identity_hash FROM event_identity WHERE sequence = ?)
                """
        )
        statement.bind(sequence, at: 1)
        return try integers(statement)
    }

    /// Reads one event back, with the word on whether a reversal took it back.
    static func recorded(_ sequence: Int64, in db: Database) throws -> RecordedEvent {
        let statement = try db.cachedStatement(
            sql: """
                SELECT event_body.body, event_identity.received_at, EXISTS (
                    SELECT 1 FROM event WHERE target_hash = event_identity.identity_hash AND kind = ?
                )
                FROM event_identity JOIN event_body ON event_body.sequence = event_identity.sequence
                WHERE event_identity.sequence = ?
                """
        )
        statement.bind(CostEvent.Kind.reversalNumber, at: 1)
        statement.bind(sequence, at: 2)
        defer { statement.reset() }
        guard try statement.step() else {
            throw LedgerError.unreadable(id: "event \(sequence)", reason: "a part of its row is missing")
        }
        let receivedAt = Timestamp(microseconds: statement.integer(1))
        do {
            let event = try EventCodec.event(from: statement.blob(0), receivedAt: receivedAt)
            return RecordedEvent(sequence: sequence, event: event, isReversed: statement.integer(2) != 0)
        } catch {
            throw LedgerError.unreadable(id: "event \(sequence)", reason: error.reason)
        }
    }

    static func integers(_ statement: Statement) throws -> [Int64] {
        defer { statement.reset() }
        var values: [Int64] = []
        while try statement.step() {
            if !statement.isNull(0) { values.append(statement.integer(0)) }
        }
        return values
    }
}
