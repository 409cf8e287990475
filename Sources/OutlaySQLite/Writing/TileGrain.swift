import OutlayCore

/// The length of a tile: a span of time whose sums are kept.
///
/// Quarter hours fit every civil time zone; days and months make long questions cheap. All are UTC.
enum TileGrain: Int64, CaseIterable {
    case quarterHour = 1
    case day = 2
    case month = 3

    private static let quarterMicroseconds: Int64 = 900_000_000
    private static let dayMicroseconds: Int64 = 86_400_000_000

    /// The times an event can have and a tile can cover: the years 1 to 9999.
    static let times: Range<Timestamp> =
        Timestamp(seconds: -719_162 * 86_400)..<Timestamp(seconds: 2_932_897 * 86_400)

    /// The start of the tile that holds `time`, which must be within ``times``.
    func start(of time: Timestamp) -> Timestamp {
        switch self {
        case .quarterHour: Self.floor(time, Self.quarterMicroseconds)
        case .day: Self.floor(time, Self.dayMicroseconds)
        case .month: Self.monthStart(CivilDate(utc: time))
        }
    }

    /// The first start of a tile at or after `time`.
    func startAtOrAfter(_ time: Timestamp) -> Timestamp {
        let start = start(of: time)
        return start == time ? time : end(ofTileAt: start)
    }

    /// Where the tile that begins at `start` ends.
    func end(ofTileAt start: Timestamp) -> Timestamp {
        switch self {
        case .quarterHour: start.advanced(bySeconds: 900)
        case .day: start.advanced(bySeconds: 86_400)
        case .month: Self.monthStart(CivilDate(utc: start.advanced(bySeconds: 31 * 86_400)), orAfter: start)
        }
    }

    private static func floor(_ time: Timestamp, _ length: Int64) -> Timestamp {
        let offset = time.microseconds % length
        return Timestamp(microseconds: time.microseconds - (offset < 0 ? offset + length : offset))
    }

    private static func monthStart(_ date: CivilDate) -> Timestamp {
        CivilDate(year: date.year, month: date.month, day: 1)?.startUTC ?? date.startUTC
    }

    /// The last month of all ends with the range of times.
    private static func monthStart(_ date: CivilDate, orAfter start: Timestamp) -> Timestamp {
        let next = monthStart(date)
        return next > start ? next : times.upperBound
    }
}
