import GRDB
import OutlayCore

/// Tiles in the order of their start and series, one at a time.
protocol TileSource {
    mutating func next() throws -> TileSums.Tile?
}

/// The tiles of one grain that begin at or after a time, as they are stored.
struct StoredTiles: TileSource {
    private let rows: Statement
    private var row: [TileSums.Tile] = []

    init(_ grain: TileGrain, from start: Timestamp, in db: Database) throws {
        rows = try db.makeStatement(sql: "SELECT id, sums FROM tile WHERE id >= ? AND id < ? ORDER BY id")
        let ids = TileRow.ids(grain, in: start..<TileGrain.times.upperBound)
        rows.bind(ids.lowerBound, at: 1)
        rows.bind(ids.upperBound, at: 2)
    }

    mutating func next() throws -> TileSums.Tile? {
        while row.isEmpty {
            guard try rows.step() else { return nil }
            var reader = ByteReader(rows.blob(1))
            var tiles: [TileSums.Tile] = []
            try reader.row(rows.integer(0)) { tiles.append(TileSums.Tile(place: $0, sums: $1)) }
            row = tiles.reversed()
        }
        return row.popLast()
    }
}

/// What waits in runs.
struct WaitingTiles: TileSource {
    private var tiles: ArraySlice<TileSums.Tile>

    init(from start: Timestamp, in db: Database) throws {
        tiles = try TileRuns.sums(in: db).sorted.drop { $0.place.start < start }
    }

    mutating func next() -> TileSums.Tile? {
        tiles.popFirst()
    }
}

/// The quarter hours that the events from a time on add up to.
struct EventTiles: TileSource {
    private let columns: Statement
    private let units: Statement
    private var unit: (place: TilePlace, name: String, quantity: Int64)?

    init(from start: Timestamp, in db: Database) throws {
        columns = try db.makeStatement(sql: AuditSQL.quarterHours)
        units = try db.makeStatement(sql: AuditSQL.quarterHourUnits)
        for statement in [columns, units] { statement.bind(start.microseconds, at: 1) }
        try advanceUnit()
    }

    mutating func next() throws -> TileSums.Tile? {
        guard try columns.step() else { return nil }
        var tile = TileSums.Tile(place: Self.place(columns), sums: SQLiteLedger.columnSums(columns, from: 2))
        while let unit, unit.place == tile.place {
            tile.sums.others[unit.name] = unit.quantity
            try advanceUnit()
        }
        return tile
    }

    private mutating func advanceUnit() throws {
        unit = try units.step() ? (Self.place(units), units.text(2) ?? "", units.integer(3)) : nil
    }

    private static func place(_ row: Statement) -> TilePlace {
        TilePlace(start: Timestamp(microseconds: row.integer(0)), series: row.integer(1))
    }
}

/// The tiles of a larger grain that smaller ones add up to.
struct CoarserTiles<Finer: TileSource>: TileSource {
    private var finer: Finer
    private let grain: TileGrain
    private var ahead: TileSums.Tile?
    private var ready: ArraySlice<TileSums.Tile> = []

    init(_ grain: TileGrain, of finer: Finer) throws {
        self.grain = grain
        self.finer = finer
        ahead = try self.finer.next()
    }

    mutating func next() throws -> TileSums.Tile? {
        if ready.isEmpty, let first = ahead {
            let start = grain.start(of: first.place.start)
            var sums = TileSums()
            while let tile = ahead, grain.start(of: tile.place.start) == start {
                sums.add(tile.sums, to: TilePlace(start: start, series: tile.place.series))
                ahead = try finer.next()
            }
            ready = sums.sorted[...]
        }
        return ready.popFirst()
    }
}

/// Two lists as one: tiles of the same place are added up.
struct BothTiles<First: TileSource, Second: TileSource>: TileSource {
    private var first: First
    private var second: Second
    private var left: TileSums.Tile?
    private var right: TileSums.Tile?

    init(_ first: First, _ second: Second) throws {
        self.first = first
        self.second = second
        left = try self.first.next()
        right = try self.second.next()
    }

    mutating func next() throws -> TileSums.Tile? {
        guard let pair = try nextPair() else { return nil }
        guard var sum = pair.left else { return pair.right }
        if let part = pair.right { sum.sums += part.sums }
        return sum
    }

    /// What the lists hold at the next place; `nil` for a list without a tile there.
    mutating func nextPair() throws -> (left: TileSums.Tile?, right: TileSums.Tile?)? {
        guard let place = [left?.place, right?.place].compactMap(\.self).min() else { return nil }
        let pair = (left: left?.place == place ? left : nil, right: right?.place == place ? right : nil)
        if pair.left != nil { left = try first.next() }
        if pair.right != nil { right = try second.next() }
        return pair
    }
}
