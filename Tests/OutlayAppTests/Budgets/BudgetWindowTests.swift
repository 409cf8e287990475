import OutlayApp
import OutlayCore
import OutlayTestKit
import Testing

/// The windows of budgets in real zones: days of 23, 24 and 25 hours, half-hour shifts, a day that never was.
@Suite struct BudgetWindowTests {
    static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Cairo", "Australia/Lord_Howe",
        "Pacific/Apia", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "America/Havana", "Pacific/Chatham",
    ]
    private static let periods: [BudgetCalendar.Period] = [.hour, .day, .week, .month, .quarter, .year]
    private static let start = Timestamp(rfc3339: "2017-01-01T00:00:00Z") ?? Timestamp(seconds: 0)
    private static let end = Timestamp(rfc3339: "2027-01-01T00:00:00Z") ?? Timestamp(seconds: 0)

    @Test(arguments: zones)
    func `windows tile ten years without gap or overlap`(_ name: String) throws {
        let zone = try #require(CivilZone(name))
        for period in Self.periods {
            let starts: [BudgetCalendar.FiscalStart] =
                period == .hour || period == .day
                ? [.init()]
                : [
                    .init(), .init(month: 4, day: 1), .init(month: 2, day: 30),
                ]
            for fiscal in starts {
                let calendar = BudgetCalendar(period, zone: name, fiscalStart: fiscal)
                // Every hour of ten years is slow; a year that has every shift stands for them.
                let last = period == .hour ? Self.start.advanced(bySeconds: 400 * 86_400) : Self.end
                var window = calendar.window(containing: Self.start, in: zone)
                while window.upperBound < last {
                    let next = calendar.window(containing: window.upperBound, in: zone)
                    let isTiled = next.lowerBound == window.upperBound && next.upperBound > next.lowerBound
                    try #require(isTiled, "\(period) in \(name): \(window) is followed by \(next)")
                    window = next
                }
            }
        }
    }

    @Test(arguments: zones)
    func `every instant is in exactly the window it is told`(_ name: String) throws {
        let zone = try #require(CivilZone(name))
        var random = SeededGenerator(seed: 12)
        for period in Self.periods {
            let calendar = BudgetCalendar(period, zone: name, fiscalStart: .init(month: 4, day: 6))
            for _ in 0..<400 {
                let range = Self.start.microseconds..<Self.end.microseconds
                let instant = Timestamp(microseconds: Int64.random(in: range, using: &random))
                let window = calendar.window(containing: instant, in: zone)
                #expect(window.contains(instant), "\(period) in \(name): \(instant) is not in \(window)")
                let before = Timestamp(microseconds: window.lowerBound.microseconds - 1)
                let last = Timestamp(microseconds: window.upperBound.microseconds - 1)
                #expect(calendar.window(containing: before, in: zone).upperBound == window.lowerBound)
                #expect(calendar.window(containing: last, in: zone) == window)
            }
        }
    }

    @Test func `days have the hours their zone gives them`() throws {
        let days = [
            ("Europe/Berlin", "2026-03-29", 23), ("Europe/Berlin", "2026-10-25", 25),
            ("America/New_York", "2026-11-01", 25), ("UTC", "2026-03-29", 24),
        ]
        for (name, date, hours) in days {
            let zone = try #require(CivilZone(name))
            let noon = zone.start(of: try #require(CivilDate(date))).advanced(bySeconds: 43_200)
            let window = BudgetCalendar(.day, zone: name).window(containing: noon, in: zone)
            let length = (window.upperBound.microseconds - window.lowerBound.microseconds) / 3_600_000_000
            #expect(length == Int64(hours), "\(date) in \(name)")
        }
    }

    @Test func `a fiscal year begins where it is said to`() throws {
        let calendar = BudgetCalendar(.quarter, fiscalStart: .init(month: 4, day: 6))
        let instant = try #require(Timestamp(rfc3339: "2026-07-05T23:59:59Z"))
        let window = calendar.window(containing: instant, in: UTC())
        #expect("\(window.lowerBound)" == "2026-04-06T00:00:00Z")
        #expect("\(window.upperBound)" == "2026-07-06T00:00:00Z")
    }
}
