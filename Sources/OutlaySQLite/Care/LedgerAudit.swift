import GRDB
import OutlayCore

/// Recomputes everything the ledger says twice, and names each place where it disagrees with itself.
struct LedgerAudit {
    private let db: Database
    private let anchors: [ChainAnchor]
    private var differences: [String] = []
    private var suppressed = 0

    /// More sentences than this help nobody.
    private static let differencesMax = 100

    init(_ db: Database, anchors: [ChainAnchor]) {
        self.db = db
        self.anchors = anchors
    }

    mutating func run() throws -> Verification {
        try checkIntegrity()
        var events = EventAudit(db, anchors: anchors)
        try events.run()
        events.differences.forEach { note($0) }
        try checkIndex()
        for grain in TileGrain.allCases { try checkTiles(grain) }
        let sealed = try checkSeals(missing: events.missing)
        try GovernanceAudit(db).differences(anchors).forEach { note($0) }
        if suppressed > 0 { differences.append("\(suppressed) more differences are not listed") }
        return Verification(
            events: events.count,
            effective: Money(picodollars: events.effective + sealed.effective),
            differences: differences,
            chainHead: Hashing.hex(events.head)
        )
    }

    private mutating func note(_ difference: String) {
        if differences.count < Self.differencesMax {
            differences.append(difference)
        } else {
            suppressed += 1
        }
    }

    private mutating func checkIntegrity() throws {
        for finding in try String.fetchAll(db, sql: "PRAGMA integrity_check") where finding != "ok" {
            note("the database file is damaged: \(finding)")
        }
    }

    private mutating func checkIndex() throws {
        let missing = try Int64.fetchOne(db, sql: AuditSQL.eventsWithoutRest) ?? 0
        if missing > 0 { note("\(missing) events cannot be found by their run, task or user") }
    }

    /// Compares the tiles of `grain` with what they are made of: events, or the next smaller tiles.
    private mutating func checkTiles(_ grain: TileGrain) throws {
        let all = TileGrain.times.lowerBound
        do {
            switch grain {
            case .quarterHour:
                let start = try SQLiteLedger.sealBoundary(db) ?? all
                try compare(Self.quarterHours(from: start, in: db), EventTiles(from: start, in: db), grain)
            case .day:
                let finer = try StoredTiles(.quarterHour, from: all, in: db)
                try compare(StoredTiles(.day, from: all, in: db), CoarserTiles(.day, of: finer), grain)
            case .month:
                let finer = try StoredTiles(.day, from: all, in: db)
                try compare(StoredTiles(.month, from: all, in: db), CoarserTiles(.month, of: finer), grain)
            }
        } catch let error as CodecError {
            note("a \(grain.name) tile cannot be read: \(error.reason)")
        }
    }

    /// What the ledger says of quarter hours: their tiles and what waits to become part of them.
    private static func quarterHours(from start: Timestamp, in db: Database) throws -> some TileSource {
        try BothTiles(StoredTiles(.quarterHour, from: start, in: db), WaitingTiles(from: start, in: db))
    }

    private mutating func compare(_ stored: some TileSource, _ expected: some TileSource, _ grain: TileGrain) throws {
        var pairs = try BothTiles(stored, expected)
        while let (stored, expected) = try pairs.nextPair() {
            guard let place = (stored ?? expected)?.place else { continue }
            let sums = stored?.sums ?? ColumnSums()
            guard let difference = sums.difference(from: expected?.sums ?? ColumnSums()) else { continue }
            note("the \(grain.name) tile at \(place.start) of series \(place.series) \(difference)")
        }
    }

    /// Below the last seal, tiles are what was sealed and what arrived since.
    private mutating func checkSeals(missing: Int64) throws -> ColumnSums {
        var sealed = ColumnSums()
        var sealedEvents: Int64 = 0
        let seals = try db.makeStatement(sql: AuditSQL.seals)
        while try seals.step() {
            sealedEvents = seals.integer(0)
            sealed = SQLiteLedger.columnSums(seals, from: 1)
        }
        if missing != sealedEvents {
            note("\(missing) events have no row, and seals account for \(sealedEvents) of them")
        }
        guard let boundary = try SQLiteLedger.sealBoundary(db) else { return sealed }
        var expected = sealed
        expected += try onlyRow(AuditSQL.eventsBelow, boundary)
        if let difference = try tilesBelow(boundary).difference(from: expected) {
            note("the sum of tiles before \(boundary) \(difference)")
        }
        return sealed
    }

    /// In units with a column only, as seals are.
    private mutating func tilesBelow(_ boundary: Timestamp) throws -> ColumnSums {
        var sum = ColumnSums()
        do {
            var tiles = try Self.quarterHours(from: TileGrain.times.lowerBound, in: db)
            while let tile = try tiles.next(), tile.place.start < boundary { sum += tile.sums }
        } catch let error as CodecError {
            note("a quarter-hour tile cannot be read: \(error.reason)")
        }
        sum.others = [:]
        return sum
    }

    private func onlyRow(_ sql: String, _ boundary: Timestamp) throws -> ColumnSums {
        let statement = try db.makeStatement(sql: sql)
        statement.bind(boundary.microseconds, at: 1)
        return try statement.step() ? SQLiteLedger.columnSums(statement, from: 0) : ColumnSums()
    }
}

extension ColumnSums {
    /// Says how this differs from what it should be; `nil` when it does not.
    func difference(from expected: ColumnSums) -> String? {
        var parts: [String] = []
        for (index, name) in SumColumns.counters.enumerated() where counters[index] != expected.counters[index] {
            parts.append("\(name) \(counters[index]) instead of \(expected.counters[index])")
        }
        let amounts = [effective, list, notional]
        for (index, right) in [expected.effective, expected.list, expected.notional].enumerated()
        where amounts[index] != right {
            let (mine, wanted) = (Money(picodollars: amounts[index]), Money(picodollars: right))
            parts.append("\(SumColumns.amounts[index]) \(mine) instead of \(wanted)")
        }
        for unit in Set(others.keys).union(expected.others.keys).sorted() {
            let (mine, wanted) = (others[unit] ?? 0, expected.others[unit] ?? 0)
            if mine != wanted { parts.append("\(unit) \(mine) instead of \(wanted)") }
        }
        return parts.isEmpty ? nil : "has \(parts.joined(separator: ", "))"
    }
}

extension TileGrain {
    fileprivate var name: String {
        switch self {
        case .quarterHour: "quarter-hour"
        case .day: "day"
        case .month: "month"
        }
    }
}
