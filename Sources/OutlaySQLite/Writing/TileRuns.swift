import GRDB
import OutlayCore

/// The sums of a transaction: first one row of `tile_run`, after some thousands part of the tiles.
///
/// A batch of calls opens nearly as many quarter hours as it has events. Writing each where it belongs touches a page
/// for each; a run is one row at the end of its table, and folding many runs at once touches each page once.
struct TileRuns {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// How many tiles wait.
    func waiting() throws -> Int {
        try Int.fetchOne(db, sql: "SELECT coalesce(SUM(tiles), 0) FROM tile_run") ?? 0
    }

    /// Writes down the quarter hours of a transaction whose last event has this number.
    func append(_ quarters: TileSums, after sequence: Int64) throws {
        var writer = ByteWriter(reservingCapacity: 32 * quarters.count)
        writer.run(quarters.sorted)
        let insert = try db.cachedStatement(sql: "INSERT INTO tile_run (sequence, tiles, sums) VALUES (?, ?, ?)")
        insert.bind(sequence, at: 1)
        insert.bind(Int64(quarters.count), at: 2)
        insert.bind(writer.bytes, at: 3)
        try insert.run()
    }

    /// Adds all runs to the tiles of each grain.
    func fold() throws {
        let quarters = try Self.sums(in: db)
        let writer = try TileWriter(db)
        for grain in TileGrain.allCases {
            try writer.add(grain == .quarterHour ? quarters : quarters.coarser(grain), grain)
        }
        try db.execute(sql: "DELETE FROM tile_run")
    }

    static func sums(in db: Database) throws -> TileSums {
        var quarters = TileSums()
        try forEach(in: db) { place, sums in quarters.add(sums, to: place) }
        return quarters
    }

    /// Calls `body` with each tile that waits.
    static func forEach(in db: Database, _ body: (TilePlace, ColumnSums) throws -> Void) throws {
        let runs = try db.cachedStatement(sql: "SELECT sums FROM tile_run ORDER BY sequence")
        defer { runs.reset() }
        while try runs.step() {
            var reader = ByteReader(runs.blob(0))
            try reader.run(body)
        }
    }
}

/// Adds sums to the rows of `tile`, or makes them.
private struct TileWriter {
    private let select: Statement
    private let replace: Statement

    init(_ db: Database) throws {
        select = try db.cachedStatement(sql: "SELECT sums FROM tile WHERE id = ?")
        replace = try db.cachedStatement(sql: "INSERT OR REPLACE INTO tile (id, sums) VALUES (?, ?)")
    }

    func add(_ sums: TileSums, _ grain: TileGrain) throws {
        let tiles = sums.sorted
        var rest = tiles[...]
        while let first = rest.first {
            let id = TileRow.id(grain, first.place)
            let end = rest.firstIndex { TileRow.id(grain, $0.place) != id } ?? rest.endIndex
            try add(rest[..<end], toRow: id)
            rest = rest[end...]
        }
    }

    private func add(_ parts: ArraySlice<TileSums.Tile>, toRow id: Int64) throws {
        var tiles = try stored(id)
        for part in parts {
            if let index = tiles.firstIndex(where: { $0.place.series >= part.place.series }) {
                if tiles[index].place.series == part.place.series {
                    tiles[index].sums += part.sums
                } else {
                    tiles.insert(part, at: index)
                }
            } else {
                tiles.append(part)
            }
        }
        var writer = ByteWriter(reservingCapacity: 32 * tiles.count)
        writer.row(tiles)
        replace.bind(id, at: 1)
        replace.bind(writer.bytes, at: 2)
        try replace.run()
    }

    private func stored(_ id: Int64) throws -> [TileSums.Tile] {
        var tiles: [TileSums.Tile] = []
        select.bind(id, at: 1)
        defer { select.reset() }
        guard try select.step() else { return tiles }
        var reader = ByteReader(select.blob(0))
        try reader.row(id) { place, sums in tiles.append(TileSums.Tile(place: place, sums: sums)) }
        return tiles
    }
}
