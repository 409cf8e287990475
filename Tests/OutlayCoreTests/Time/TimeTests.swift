import OutlayCore
import Testing

struct TimeTests {
    @Test(arguments: [
        ("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
        ("2026-11-20T12:00:00.5Z", "2026-11-20T12:00:00.500000Z"),
        ("2026-11-20T12:00:00.1234567Z", "2026-11-20T12:00:00.123456Z"),
        ("2026-11-20T14:00:00+02:00", "2026-11-20T12:00:00Z"),
        ("2024-02-29T23:59:59-00:30", "2024-03-01T00:29:59Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ])
    func `an RFC 3339 instant is read to the microsecond and written in UTC`(_ row: (text: String, written: String)) {
        #expect(Timestamp(rfc3339: row.text).map(String.init(describing:)) == row.written)
    }

    @Test(arguments: ["", "2026-11-20", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-20T24:00:00Z", "x"])
    func `what is no instant is not guessed`(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `every day of four centuries survives the way to days and back`() throws {
        var date = try #require(CivilDate(year: 1900, month: 1, day: 1))
        for _ in 0..<146_097 {
            let next = date.advanced(byDays: 1)
            #expect(next > date)
            #expect(next.daysSinceEpoch == date.daysSinceEpoch + 1)
            #expect(next.weekday == date.weekday % 7 + 1)
            date = next
        }
        #expect(date == CivilDate(year: 2300, month: 1, day: 1))
    }

    @Test func `a month written as the end of a span includes that month`() throws {
        let span = try TimeText.span(from: "2026-10", to: "2026-11", in: UTC(), now: Timestamp(seconds: 0))
        #expect(span.lowerBound == Timestamp(rfc3339: "2026-10-01T00:00:00Z"))
        #expect(span.upperBound == Timestamp(rfc3339: "2026-12-01T00:00:00Z"))
    }

    @Test(arguments: [("2026-12", "2026-11"), ("2026-12-01", "2026-11-30"), ("2026-12-02T00:00:00Z", "2026-12-01")])
    func `a span that ends where it begins or before is refused, with both ends named`(_ span: (String, String)) {
        #expect {
            try TimeText.span(from: span.0, to: span.1, in: UTC(), now: Timestamp(seconds: 0))
        } throws: { error in
            "\(error)".contains("2026-12-0") && "\(error)".contains("swap --from and --to")
        }
    }

    @Test func `the same instant twice is a span that holds nothing`() throws {
        let noon = "2026-11-20T12:00:00Z"
        #expect(try TimeText.span(from: noon, to: noon, in: UTC(), now: Timestamp(seconds: 0)).isEmpty)
    }

    @Test func `without a span the current month is meant`() throws {
        let now = try #require(Timestamp(rfc3339: "2026-11-20T12:00:00Z"))
        let span = try TimeText.span(from: nil, to: nil, in: UTC(), now: now)
        #expect(span.lowerBound == Timestamp(rfc3339: "2026-11-01T00:00:00Z"))
        #expect(span.upperBound == Timestamp(rfc3339: "2026-12-01T00:00:00Z"))
    }

    @Test(arguments: Grain.allCases)
    func `buckets tile a span without gap or overlap`(_ grain: Grain) throws {
        let span =
            try #require(Timestamp(rfc3339: "2026-01-15T10:17:03Z"))..<#require(
                Timestamp(rfc3339: "2026-04-02T01:00:00Z")
            )
        let buckets = try #require(grain.buckets(of: span, in: UTC()))
        #expect(buckets.first?.lowerBound == span.lowerBound)
        #expect(buckets.last?.upperBound == span.upperBound)
        for (left, right) in zip(buckets, buckets.dropFirst()) { #expect(left.upperBound == right.lowerBound) }
    }
}
