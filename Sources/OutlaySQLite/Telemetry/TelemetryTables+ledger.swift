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
            for sequence in try sequences(names.responses.map(CallNames.response) + names.others, in: block) {
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

    /// What events are remembered in or indexed in together.
    enum Block {
        case recent
        case indexed(Int64)
    }

    /// The blocks with calls of the gateway within the hour of `span`, the latest first.
    private func blocks(near span: Range<Timestamp>) throws -> [Block] {
        let hour: Int64 = 3_600_000_000
        let first = span.lowerBound.microseconds / hour - 1
        let last = span.upperBound.microseconds / hour + 2
        let hours = Timestamp(microseconds: first * hour)..<Timestamp(microseconds: last * hour)
        if let known = blocks[hours] { return known }
        let index = EventIndex(db)
        if recentEvents == nil { recentEvents = try index.readRecent() }
        let recent = recentEvents?.gatewaySpan.map { span in
            span.upperBound >= hours.lowerBound.microseconds && span.lowerBound < hours.upperBound.microseconds
        }
        let found =
            (recent == true ? [Block.recent] : [])
            + (try index.blocks(withGatewayCallsIn: hours).map(Block.indexed))
        blocks[hours] = found
        return found
    }

    private func sequences(_ names: [UInt128], in block: Block) throws -> [Int64] {
        try names.flatMap { name in
            switch block {
            case .recent: recentEvents?.sequences(named: EventNames.column(name)) ?? []
            case .indexed(let last): try EventIndex(db).sequences(named: EventNames.column(name), in: last)
            }
        }
    }

    /// Hands on what is remembered of events: who books some adds to it.
    func takeRecentEvents() -> RecentEvents? {
        defer { recentEvents = nil }
        return recentEvents
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
