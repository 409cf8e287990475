import OutlayCore

/// Whose sums a tile holds: those of a series in the time from `start` on, for as long as its grain.
struct TilePlace: Hashable, Comparable {
    let start: Timestamp
    let series: Int64

    static func < (left: TilePlace, right: TilePlace) -> Bool {
        (left.start, left.series) < (right.start, right.series)
    }
}

/// The number of a row of `tile`, which holds the tiles of up to 32 neighbouring series for one span of time.
///
/// It is made of grain, start and block of series, in this order of weight, so that a span of time is a range of
/// numbers. Adding to a row rewrites it whole, and reading one costs little more than reading a single tile.
enum TileRow {
    private static let seriesBits: Int64 = 5
    private static let blockBits: Int64 = 30
    private static let grainShift: Int64 = 60
    private static let quarterMicroseconds: Int64 = 900_000_000

    static func id(_ grain: TileGrain, _ place: TilePlace) -> Int64 {
        first(grain, place.start) | place.series >> seriesBits
    }

    /// The numbers of all rows whose tiles begin in `range`.
    static func ids(_ grain: TileGrain, in range: Range<Timestamp>) -> Range<Int64> {
        first(grain, range.lowerBound)..<first(grain, range.upperBound)
    }

    static func start(of id: Int64) -> Timestamp? {
        start(ofQuarter: (id & (1 << grainShift - 1)) >> blockBits)
    }

    /// How many series a row holds.
    static let seriesMax: Int64 = 1 << seriesBits

    /// The first series of the row that holds `series`.
    static func block(of series: Int64) -> Int64 {
        (series >> seriesBits) << seriesBits
    }

    static func firstSeries(of id: Int64) -> Int64 {
        (id & (1 << blockBits - 1)) << seriesBits
    }

    /// The place of a series in its row.
    static func offset(of series: Int64) -> UInt8 {
        UInt8(truncatingIfNeeded: series & (1 << seriesBits - 1))
    }

    /// How many quarter hours lie between the beginning of all times and `start`.
    static func quarter(of start: Timestamp) -> Int64 {
        (start.microseconds - TileGrain.times.lowerBound.microseconds) / quarterMicroseconds
    }

    static func start(ofQuarter quarter: Int64) -> Timestamp? {
        let (offset, overflow) = quarter.multipliedReportingOverflow(by: quarterMicroseconds)
        guard !overflow else { return nil }
        let start = Timestamp(microseconds: TileGrain.times.lowerBound.microseconds &+ offset)
        return TileGrain.times.contains(start) ? start : nil
    }

    private static func first(_ grain: TileGrain, _ start: Timestamp) -> Int64 {
        grain.rawValue << grainShift | quarter(of: start) << blockBits
    }
}
