import OutlayApp
import OutlayCore
import Testing

struct CivilZoneTests {
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29", 23), ("Europe/Berlin", "2026-10-25", 25), ("Europe/Berlin", "2026-11-20", 24),
        ("Africa/Cairo", "2026-04-24", 23), ("Asia/Kolkata", "2026-06-01", 24), ("UTC", "2026-02-28", 24),
    ])
    func `a day has as many hours as the zone gives it`(_ row: (zone: String, date: String, hours: Int64)) throws {
        let zone = try #require(CivilZone(row.zone))
        let date = try #require(CivilDate(row.date))
        let length = zone.start(of: date.advanced(byDays: 1)).microseconds - zone.start(of: date).microseconds
        #expect(length == row.hours * 3_600_000_000)
    }

    @Test(arguments: [
        "Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "UTC",
    ])
    func `days tile ten years and every day begins on its own date`(_ name: String) throws {
        let zone = try #require(CivilZone(name))
        var date = try #require(CivilDate(year: 2020, month: 1, day: 1))
        for _ in 0..<3653 {
            let start = zone.start(of: date)
            #expect(zone.date(at: start) == date)
            #expect(zone.date(at: Timestamp(microseconds: start.microseconds - 1)) == date.advanced(byDays: -1))
            date = date.advanced(byDays: 1)
        }
    }

    @Test func `an unknown zone is no zone`() {
        #expect(CivilZone("Mars/Olympus") == nil)
    }
}
