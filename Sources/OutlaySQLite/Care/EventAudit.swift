import GRDB
import OutlayCore

/// Reads every event back and compares it with its hash, its columns, its tags and the chain.
struct EventAudit {
    private(set) var differences: [String] = []
    private(set) var count: Int64 = 0
    /// Events that are only an identity any more.
    private(set) var missing: Int64 = 0
    private(set) var effective: Int128 = 0
    private(set) var head = Hashing.genesis
    private let db: Database
    private var anchored: AnchoredHeads
    private var series: [Int64: StoredSeries] = [:]
    private var tagSets: [Int64: TagSet] = [:]

    private struct StoredSeries {
        let tags: TagSet
        let serviceHash: [UInt8]
    }

    init(_ db: Database, anchors: [ChainAnchor]) {
        self.db = db
        anchored = AnchoredHeads("events", anchors.map { ($0.events, $0.chainHead, $0.at) })
    }

    mutating func run() throws {
        let columns = (SumColumns.counters + SumColumns.amounts).map { "event.\($0)" }.joined(separator: ", ")
        let rows = try db.makeStatement(
            sql: """
                SELECT event_identity.sequence, identity_hash, content_hash, received_at, event.sequence, body,
                    event.at, event.kind, event.target_hash, event.series_id, event.rest_set_id, event.names,
                    \(columns)
                FROM event_identity
                LEFT JOIN event ON event.sequence = event_identity.sequence
                LEFT JOIN event_body ON event_body.sequence = event_identity.sequence
                ORDER BY event_identity.sequence
                """
        )
        anchored.pass(0, head)
        while try rows.step() { try check(rows) }
        anchored.end(at: count)
        differences += anchored.differences
        try checkChain()
    }

    private mutating func check(_ row: Statement) throws {
        let content = row.blob(2)
        let receivedAt = Timestamp(microseconds: row.integer(3))
        head = Hashing.link(head: head, content: content, receivedAt: receivedAt)
        count += 1
        anchored.pass(count, head)
        guard !row.isNull(4) else {
            missing += 1
            return
        }
        let name = "event \(row.integer(0))"
        guard Hashing.hash(row.blob(5)) == content else {
            effective += Int128(row.integer(Self.firstSum + Int32(SumColumns.counters.count)))
            return differences.append("\(name) is not what was booked: its content has another hash")
        }
        do {
            let event = try EventCodec.event(from: row.blob(5), receivedAt: receivedAt)
            try compare(event, row, name)
        } catch let error as CodecError {
            differences.append("\(name) cannot be read: \(error.reason)")
        }
    }

    private static let firstSum: Int32 = 12

    private mutating func compare(_ event: CostEvent, _ row: Statement, _ name: String) throws {
        var expected = ColumnSums(Contribution(of: event))
        // Units without a column are rows of their own, which the tiles are compared with.
        expected.others = [:]
        var stored = ColumnSums()
        for index in SumColumns.counters.indices {
            stored.counters[index] = row.integer(Self.firstSum + Int32(index))
        }
        let amounts = Self.firstSum + Int32(SumColumns.counters.count)
        stored.effective = Int128(row.integer(amounts))
        stored.list = Int128(row.integer(amounts + 1))
        stored.notional = Int128(row.integer(amounts + 2))
        effective += stored.effective
        if let difference = stored.difference(from: expected) { differences.append("the row of \(name) \(difference)") }
        if Hashing.identity(event.id) != row.blob(1) { differences.append("\(name) has another event's identity") }
        let (kind, target) = event.kind.columns
        if event.at.microseconds != row.integer(6) || kind != row.integer(7) || (target ?? []) != row.blob(8) {
            differences.append("the row of \(name) has another time, kind or target than was booked")
        }
        if EventNames.names(of: event).blob != row.blob(11) {
            differences.append("the row of \(name) is looked for by other names than were booked")
        }
        try compareTags(event, row, name)
    }

    private mutating func compareTags(_ event: CostEvent, _ row: Statement, _ name: String) throws {
        let stored = try storedSeries(row.integer(9))
        let rest = row.isNull(10) ? .empty : try tagSet(row.integer(10))
        let union = TagSet(stored.tags.tags + rest.tags)
        if union != event.attribution.effective || union.count != stored.tags.count + rest.count {
            differences.append("\(name) is summed under other tags than were booked")
        }
        if stored.serviceHash != ServiceKey(event).hash {
            differences.append("\(name) is summed under another provider, model, key or workspace than was booked")
        }
    }

    private mutating func storedSeries(_ id: Int64) throws -> StoredSeries {
        if let known = series[id] { return known }
        let statement = try db.cachedStatement(
            sql: """
                SELECT tag_set_id, provider, api, upstream, model, region, key_name, workspace
                FROM series JOIN service ON service.id = series.service_id WHERE series.id = ?
                """
        )
        statement.bind(id, at: 1)
        defer { statement.reset() }
        guard try statement.step() else { return StoredSeries(tags: .empty, serviceHash: []) }
        var writer = ByteWriter(reservingCapacity: 128)
        for column in Int32(1)...7 { writer.text(statement.text(column)) }
        let serviceHash = Array(Hashing.hash(writer.bytes).prefix(16))
        let found = StoredSeries(tags: try tagSet(statement.integer(0)), serviceHash: serviceHash)
        series[id] = found
        return found
    }

    private mutating func tagSet(_ id: Int64) throws -> TagSet {
        if let known = tagSets[id] { return known }
        let statement = try db.cachedStatement(sql: "SELECT dimension, value FROM tag_set_tag WHERE tag_set_id = ?")
        statement.bind(id, at: 1)
        defer { statement.reset() }
        var tags: [Tag] = []
        while try statement.step() {
            if let dimension = Dimension(statement.text(0) ?? "") {
                tags.append(Tag(dimension, statement.text(1) ?? ""))
            }
        }
        if tagSets.count > 100_000 { tagSets.removeAll() }
        tagSets[id] = TagSet(tags)
        return TagSet(tags)
    }

    private mutating func checkChain() throws {
        let statement = try db.makeStatement(sql: "SELECT head, events FROM chain")
        guard try statement.step() else { return differences.append("the chain has no head") }
        if statement.blob(0) != head {
            differences.append(
                "the chain ends in \(Hashing.hex(statement.blob(0))), its events lead to \(Hashing.hex(head))"
            )
        }
        if statement.integer(1) != count {
            differences.append("the chain counts \(statement.integer(1)) events, the ledger has \(count)")
        }
    }
}
