import GRDB
import OutlayCore

/// The sums of one transaction, added up in memory and then into the tiles.
struct TileBatch {
    private struct Place: Hashable {
        let start: Int64
        let series: Int64
    }

    private var quarters: [Place: ColumnSums] = [:]

    /// Adds an event's part to the tile of its own time, however late it arrives.
    mutating func add(_ part: ColumnSums, series: Int64, at time: Timestamp) {
        let start = TileGrain.quarterHour.start(of: time).microseconds
        quarters[Place(start: start, series: series), default: ColumnSums()] += part
    }

    func write(to db: Database) throws {
        guard !quarters.isEmpty else { return }
        let writer = try TileWriter(db)
        for grain in TileGrain.allCases {
            let tiles = sums(per: grain).sorted { ($0.key.start, $0.key.series) < ($1.key.start, $1.key.series) }
            for (place, sum) in tiles {
                try writer.add(sum, grain: grain, start: place.start, series: place.series)
            }
        }
    }

    private func sums(per grain: TileGrain) -> [Place: ColumnSums] {
        guard grain != .quarterHour else { return quarters }
        var sums: [Place: ColumnSums] = [:]
        for (place, sum) in quarters {
            let start = grain.start(of: Timestamp(microseconds: place.start)).microseconds
            sums[Place(start: start, series: place.series), default: ColumnSums()] += sum
        }
        return sums
    }
}

/// The statements that add to a tile, or make it.
private struct TileWriter {
    private let tile: Statement
    private let usage: Statement

    init(_ db: Database) throws {
        tile = try db.cachedStatement(sql: Self.addToTile)
        usage = try db.cachedStatement(
            sql: """
                INSERT INTO tile_usage (grain, start, series_id, unit, quantity) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity
                """
        )
    }

    private static let addToTile: String = {
        let sums = SumColumns.counters + SumColumns.halves
        let columns = ["grain", "start", "series_id"] + sums
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let additions = sums.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
        return "INSERT INTO tile (\(columns.joined(separator: ", "))) VALUES (\(marks)) "
            + "ON CONFLICT DO UPDATE SET \(additions)"
    }()

    func add(_ sum: ColumnSums, grain: TileGrain, start: Int64, series: Int64) throws {
        tile.bind(grain.rawValue, at: 1)
        tile.bind(start, at: 2)
        tile.bind(series, at: 3)
        var index: Int32 = 4
        for counter in SumColumns.counters.indices {
            tile.bind(sum.counters[counter], at: index)
            index += 1
        }
        bind(sum.effective, at: index)
        bind(sum.list, at: index + 2)
        bind(sum.notional, at: index + 4)
        try tile.run()
        for (unit, quantity) in sum.others {
            usage.bind(grain.rawValue, at: 1)
            usage.bind(start, at: 2)
            usage.bind(series, at: 3)
            usage.bind(unit, at: 4)
            usage.bind(quantity, at: 5)
            try usage.run()
        }
    }

    /// High and low half, so that adding can never overflow.
    private func bind(_ amount: Int128, at index: Int32) {
        tile.bind(Int64(truncatingIfNeeded: amount >> 32), at: index)
        tile.bind(Int64(truncatingIfNeeded: amount & 0xFFFF_FFFF), at: index + 1)
    }
}
