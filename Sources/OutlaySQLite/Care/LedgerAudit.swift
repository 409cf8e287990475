import GRDB
import OutlayCore

/// Recomputes everything the ledger says twice, and names each place where it disagrees with itself.
struct LedgerAudit {
    private let db: Database
    private var differences: [String] = []
    private var suppressed = 0

    /// More sentences than this help nobody.
    private static let differencesMax = 100

    init(_ db: Database) {
        self.db = db
    }

    mutating func run() throws -> Verification {
        try checkIntegrity()
        var events = EventAudit(db)
        try events.run()
        events.differences.forEach { note($0) }
        for grain in TileGrain.allCases { try checkTiles(grain) }
        let sealed = try checkSeals(missing: events.missing)
        try GovernanceAudit(db).differences().forEach { note($0) }
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

    /// Compares the tiles of `grain` with what they are made of: events, or the next smaller tiles.
    private mutating func checkTiles(_ grain: TileGrain) throws {
        let boundary = try SQLiteLedger.sealBoundary(db) ?? TileGrain.times.lowerBound
        let from = grain == .quarterHour ? boundary.microseconds : TileGrain.times.lowerBound.microseconds
        var stored = TileCursor(try db.makeStatement(sql: AuditSQL.stored))
        stored.statement.bind(grain.rawValue, at: 1)
        stored.statement.bind(from, at: 2)
        var recomputed = TileCursor(try db.makeStatement(sql: AuditSQL.recomputed(grain)))
        if grain == .quarterHour { recomputed.statement.bind(from, at: 1) }
        try merge(&stored, &recomputed) { "the \(grain.name) tile at \($0.start) of series \($0.series)" }
        try checkUsage(grain, from: from)
    }

    private mutating func checkUsage(_ grain: TileGrain, from: Int64) throws {
        let difference = try db.makeStatement(sql: AuditSQL.usageDifferences(grain))
        for index in 1...2 { difference.bind(from, at: Int32(index)) }
        difference.bind(grain.rawValue, at: 3)
        while try difference.step() {
            let start = Timestamp(microseconds: difference.integer(0))
            note(
                "the \(grain.name) tile at \(start) of series \(difference.integer(1)) is off by "
                    + "\(difference.integer(3)) in \(difference.text(2) ?? "a unit")"
            )
        }
    }

    /// Walks two lists in the same order side by side.
    private mutating func merge(
        _ stored: inout TileCursor,
        _ recomputed: inout TileCursor,
        _ name: (TileCursor.Place) -> String
    ) throws {
        try stored.advance()
        try recomputed.advance()
        while let place = [stored.place, recomputed.place].compactMap(\.self).min() {
            let (here, there) = (stored.sums(at: place), recomputed.sums(at: place))
            if let difference = here.difference(from: there) { note("\(name(place)) \(difference)") }
            if stored.place == place { try stored.advance() }
            if recomputed.place == place { try recomputed.advance() }
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
        if let difference = try onlyRow(AuditSQL.tilesBelow, boundary).difference(from: expected) {
            note("the sum of tiles before \(boundary) \(difference)")
        }
        return sealed
    }

    private func onlyRow(_ sql: String, _ boundary: Timestamp) throws -> ColumnSums {
        let statement = try db.makeStatement(sql: sql)
        statement.bind(boundary.microseconds, at: 1)
        return try statement.step() ? SQLiteLedger.columnSums(statement, from: 0) : ColumnSums()
    }
}

/// Tiles in the order of their start and series, one at a time.
private struct TileCursor {
    struct Place: Comparable {
        let start: Timestamp
        let series: Int64

        static func < (left: Place, right: Place) -> Bool {
            (left.start, left.series) < (right.start, right.series)
        }
    }

    let statement: Statement
    private(set) var place: Place?
    private var current = ColumnSums()

    init(_ statement: Statement) {
        self.statement = statement
    }

    mutating func advance() throws {
        guard try statement.step() else {
            place = nil
            return
        }
        place = Place(start: Timestamp(microseconds: statement.integer(0)), series: statement.integer(1))
        current = SQLiteLedger.columnSums(statement, from: 2)
    }

    /// Nothing, where this list has no such tile.
    func sums(at place: Place) -> ColumnSums {
        self.place == place ? current : ColumnSums()
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
