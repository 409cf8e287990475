import OutlayCore

/// Tiles of one grain in memory.
struct TileSums {
    struct Tile {
        let place: TilePlace
        var sums: ColumnSums
    }

    private var indexes: [TilePlace: Int] = [:]
    private var tiles: [Tile] = []

    var isEmpty: Bool { tiles.isEmpty }
    var count: Int { tiles.count }

    /// By time, then by series.
    var sorted: [Tile] {
        let order = tiles.indices.sorted { tiles[$0].place < tiles[$1].place }
        return order.map { tiles[$0] }
    }

    mutating func add(_ part: ColumnSums, to place: TilePlace) {
        if let index = indexes[place] {
            tiles[index].sums += part
        } else {
            indexes[place] = tiles.count
            tiles.append(Tile(place: place, sums: part))
        }
    }

    /// The same sums in tiles of a larger grain.
    func coarser(_ grain: TileGrain) -> TileSums {
        var sums = TileSums()
        for tile in tiles {
            sums.add(tile.sums, to: TilePlace(start: grain.start(of: tile.place.start), series: tile.place.series))
        }
        return sums
    }
}
