import OutlayCore

/// Sums as bytes: a word of bits says what is not nothing, and only that follows.
///
/// A tile of a plain chat model takes some 20 bytes instead of the 80 of a row with a column for each sum.
extension ByteWriter {
    mutating func sums(_ sums: ColumnSums) {
        let listDiffers = sums.list != sums.effective
        var mask: UInt64 = 0
        for index in SumColumns.counters.indices where sums.counters[index] != 0 { mask |= 1 << UInt64(index) }
        if sums.effective != 0 { mask |= TileMask.effective }
        if listDiffers { mask |= TileMask.list }
        if sums.notional != 0 { mask |= TileMask.notional }
        if !sums.others.isEmpty { mask |= TileMask.others }
        unsigned(mask)
        for index in SumColumns.counters.indices where sums.counters[index] != 0 { signed(sums.counters[index]) }
        if sums.effective != 0 { signed(sums.effective) }
        if listDiffers { signed(sums.list) }
        if sums.notional != 0 { signed(sums.notional) }
        guard !sums.others.isEmpty else { return }
        count(sums.others.count)
        for (unit, quantity) in sums.others.sorted(by: { $0.key < $1.key }) {
            text(unit)
            signed(quantity)
        }
    }

    /// The quarter-hour tiles of one run, each after the one before it in time or series.
    mutating func run(_ tiles: [TileSums.Tile]) {
        count(tiles.count)
        var quarter: Int64 = 0
        for tile in tiles {
            let next = TileRow.quarter(of: tile.place.start)
            signed(next - quarter)
            signed(tile.place.series)
            sums(tile.sums)
            quarter = next
        }
    }

    /// The tiles of one row of `tile`, which differ in their series only.
    mutating func row(_ tiles: [TileSums.Tile]) {
        count(tiles.count)
        for tile in tiles {
            byte(TileRow.offset(of: tile.place.series))
            sums(tile.sums)
        }
    }
}

extension ByteReader {
    mutating func sums() throws(CodecError) -> ColumnSums {
        var sums = ColumnSums()
        let mask = try unsigned()
        for index in SumColumns.counters.indices where mask & (1 << UInt64(index)) != 0 {
            sums.counters[index] = try signed()
        }
        if mask & TileMask.effective != 0 { sums.effective = try wideSigned() }
        sums.list = mask & TileMask.list != 0 ? try wideSigned() : sums.effective
        if mask & TileMask.notional != 0 { sums.notional = try wideSigned() }
        guard mask & TileMask.others != 0 else { return sums }
        for _ in 0..<(try count()) {
            let unit = try text()
            sums.others[unit] = try signed()
        }
        return sums
    }

    mutating func run(_ body: (TilePlace, ColumnSums) throws -> Void) throws {
        var quarter: Int64 = 0
        for _ in 0..<(try count()) {
            quarter &+= try signed()
            guard let start = TileRow.start(ofQuarter: quarter) else { throw CodecError.invalid("a time is none") }
            let series = try signed()
            try body(TilePlace(start: start, series: series), try sums())
        }
    }

    mutating func row(_ id: Int64, _ body: (TilePlace, ColumnSums) throws -> Void) throws {
        guard let start = TileRow.start(of: id) else { throw CodecError.invalid("a time is none") }
        let first = TileRow.firstSeries(of: id)
        for _ in 0..<(try count()) {
            let series = first &+ Int64(try byte())
            try body(TilePlace(start: start, series: series), try sums())
        }
    }
}

/// The bits after those of the counters.
private enum TileMask {
    static let effective: UInt64 = 1 << 10
    /// Set where the list cost is not the effective cost.
    static let list: UInt64 = 1 << 11
    static let notional: UInt64 = 1 << 12
    static let others: UInt64 = 1 << 13
}
