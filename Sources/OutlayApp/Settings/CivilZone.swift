internal import Foundation
package import OutlayCore

/// A time zone of the IANA database.
package struct CivilZone: Zone {
    package let identifier: String
    private let zone: TimeZone
    private let calendar: Calendar

    /// - Returns: `nil` when the database has no such zone.
    package init?(_ identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        self.identifier = identifier
        self.zone = zone
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    package func start(of date: CivilDate) -> Timestamp {
        let noonUTC = Date(timeIntervalSince1970: Double(date.daysSinceEpoch) * 86_400 + 43_200)
        let localNoon = noonUTC.addingTimeInterval(-Double(zone.secondsFromGMT(for: noonUTC)))
        return Timestamp(seconds: Int64(calendar.startOfDay(for: localNoon).timeIntervalSince1970.rounded()))
    }

    package func date(at instant: Timestamp) -> CivilDate {
        CivilDate(utc: local(instant))
    }

    package func clockSeconds(at instant: Timestamp) -> Int {
        UTC().clockSeconds(at: local(instant))
    }

    /// The instant at which clocks in Greenwich show what clocks here show at `instant`.
    private func local(_ instant: Timestamp) -> Timestamp {
        let moment = Date(timeIntervalSince1970: Double(instant.microseconds) / 1_000_000)
        return instant.advanced(bySeconds: Int64(zone.secondsFromGMT(for: moment)))
    }
}
