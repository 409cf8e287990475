import GRDB
import OutlayCore

extension TelemetryTables {
    func standing(of id: EventID) throws -> CostEvent? {
        var identity = Hashing.identity(id)
        // Each correction of an event is followed at most once.
        for _ in 0..<1000 {
            guard let sequence = try sequence(of: identity) else { return nil }
            let recorded = try SQLiteLedger.recorded(sequence, in: db)
            guard recorded.isReversed else { return recorded.event }
            guard let next = try replacement(of: identity) else { return nil }
            identity = next
        }
        return nil
    }

    func gatewayCall(_ names: CallNames, near span: Range<Timestamp>, workspace: String) throws -> CostEvent? {
        var alike: [RecordedEvent] = []
        for block in try blocks(near: span) {
            let known = try sequences(responses: names.responses, in: block) + sequences(names.others, in: block)
            for sequence in known {
                if let found = try gatewayEvent(sequence, in: workspace) { return try standing(of: found) }
            }
            for sequence in try sequences(names.nameless, in: block) {
                if let found = try gatewayEvent(sequence, in: workspace) { alike.append(found) }
            }
        }
        let begin = span.lowerBound.microseconds
        let nearest = alike.min { abs($0.event.at.microseconds - begin) < abs($1.event.at.microseconds - begin) }
        return try nearest.flatMap(standing)
    }

    private func gatewayEvent(_ sequence: Int64, in workspace: String) throws -> RecordedEvent? {
        let recorded = try SQLiteLedger.recorded(sequence, in: db)
        let isGateways = recorded.event.service.upstream != nil && recorded.event.attribution.workspace == workspace
        return isGateways ? recorded : nil
    }

    private func standing(of recorded: RecordedEvent) throws -> CostEvent? {
        recorded.isReversed ? try standing(of: recorded.event.id) : recorded.event
    }

    /// The blocks with calls of the gateway within the hour of `span`.
    private func blocks(near span: Range<Timestamp>) throws -> [Int64] {
        let hour: Int64 = 3_600_000_000
        let first = span.lowerBound.microseconds / hour - 1
        let last = span.upperBound.microseconds / hour + 2
        let hours = Timestamp(microseconds: first * hour)..<Timestamp(microseconds: last * hour)
        if let known = blocks[hours] { return known }
        let select = try db.cachedStatement(
            sql: "SELECT block FROM event_block WHERE last_at >= ? AND first_at < ? ORDER BY block DESC"
        )
        select.bind(hours.lowerBound.microseconds, at: 1)
        select.bind(hours.upperBound.microseconds, at: 2)
        let found = try SQLiteLedger.integers(select)
        blocks[hours] = found
        return found
    }

    private func sequences(responses: [String], in block: Int64) throws -> [Int64] {
        let select = try db.cachedStatement(
            sql: """
                SELECT sequence FROM event
                WHERE (sequence >> 12) IN (?1 * 4, ?1 * 4 + 1, ?1 * 4 + 2, ?1 * 4 + 3) AND response_id = ?2
                """
        )
        return try responses.flatMap { response in
            select.bind(block, at: 1)
            select.bind(response, at: 2)
            return try SQLiteLedger.integers(select)
        }
    }

    private func sequences(_ names: [UInt128], in block: Int64) throws -> [Int64] {
        let select = try db.cachedStatement(sql: "SELECT sequence FROM event_name WHERE block = ? AND name = ?")
        return try names.flatMap { name in
            select.bind(block, at: 1)
            select.bind(EventNames.column(name), at: 2)
            return try SQLiteLedger.integers(select)
        }
    }

    private func sequence(of identity: [UInt8]) throws -> Int64? {
        let select = try db.cachedStatement(sql: "SELECT sequence FROM event_identity WHERE identity_hash = ?")
        select.bind(identity, at: 1)
        return try SQLiteLedger.integers(select).first
    }

    private func replacement(of identity: [UInt8]) throws -> [UInt8]? {
        let select = try db.cachedStatement(
            sql: """
                SELECT event_identity.identity_hash FROM event
                JOIN event_identity ON event_identity.sequence = event.sequence
                WHERE event.target_hash = ? AND event.kind != ? ORDER BY event.sequence DESC LIMIT 1
                """
        )
        select.bind(identity, at: 1)
        select.bind(CostEvent.Kind.reversalNumber, at: 2)
        defer { select.reset() }
        return try select.step() ? select.blob(0) : nil
    }
}

/// The names by which telemetry finds the gateway's calls, as a batch writes them.
struct EventNames {
    private var rows: [(block: Int64, name: Int64, sequence: Int64)] = []
    private var blocks: [Int64: ClosedRange<Int64>] = [:]

    private static let sql = RowInsert.SQL("INSERT OR IGNORE", into: "event_name", ["block", "name", "sequence"])

    static func column(_ name: UInt128) -> Int64 {
        Int64(truncatingIfNeeded: name)
    }

    /// Notes a call of the gateway; other events have no names.
    mutating func note(_ event: CostEvent, sequence: Int64) {
        guard case .call = event.kind, event.service.upstream != nil else { return }
        let block = sequence >> 14
        let at = event.at.microseconds
        let known = blocks[block] ?? at...at
        blocks[block] = min(known.lowerBound, at)...max(known.upperBound, at)
        for name in event.joinNames { rows.append((block, Self.column(name), sequence)) }
    }

    func write(to db: Database) throws {
        guard !blocks.isEmpty else { return }
        let inOrder = rows.sorted { ($0.block, $0.name) < ($1.block, $1.name) }
        try RowInsert(db, Self.sql).run(inOrder) { statement, row, first in
            statement.bind(row.block, at: first)
            statement.bind(row.name, at: first &+ 1)
            statement.bind(row.sequence, at: first &+ 2)
        }
        let block = try db.cachedStatement(
            sql: """
                INSERT INTO event_block (block, first_at, last_at) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE
                SET first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)
                """
        )
        for (number, span) in blocks {
            block.bind(number, at: 1)
            block.bind(span.lowerBound, at: 2)
            block.bind(span.upperBound, at: 3)
            try block.run()
        }
    }
}
