import OutlayCore
import OutlayTestKit
import Testing

@testable import OutlaySQLite

@Suite struct CoverageTests {
    private func range(_ from: String, _ to: String) -> Range<Timestamp> {
        (Timestamp(rfc3339: from) ?? .sample)..<(Timestamp(rfc3339: to) ?? .sample)
    }

    @Test func `a ragged year is months inside, then days, then quarter hours, and events at the edges`() {
        let spans = Coverage().spans(of: range("2026-01-30T22:50:00Z", "2026-12-02T01:20:00Z"))
        #expect(
            spans == [
                .init(source: .events, range: range("2026-01-30T22:50:00Z", "2026-01-30T23:00:00Z")),
                .init(source: .tiles(.quarterHour), range: range("2026-01-30T23:00:00Z", "2026-01-31T00:00:00Z")),
                .init(source: .tiles(.day), range: range("2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z")),
                .init(source: .tiles(.month), range: range("2026-02-01T00:00:00Z", "2026-12-01T00:00:00Z")),
                .init(source: .tiles(.day), range: range("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z")),
                .init(source: .tiles(.quarterHour), range: range("2026-12-02T00:00:00Z", "2026-12-02T01:15:00Z")),
                .init(source: .events, range: range("2026-12-02T01:15:00Z", "2026-12-02T01:20:00Z")),
            ]
        )
    }

    @Test func `a zone with a half hour needs no events`() {
        let day = range("2026-11-19T18:30:00Z", "2026-11-20T18:30:00Z")
        #expect(Coverage().spans(of: day).allSatisfy { $0.source == .tiles(.quarterHour) })
    }

    @Test func `a day on which a dimension overflowed is read from events, its neighbours are not`() {
        let coverage = Coverage(opaqueDays: [Timestamp(rfc3339: "2026-11-20T00:00:00Z") ?? .sample])
        let spans = coverage.spans(of: range("2026-11-19T00:00:00Z", "2026-11-22T00:00:00Z"))
        #expect(spans.map(\.source) == [.tiles(.day), .events, .tiles(.day)])
    }

    @Test func `below a seal nothing is asked of events`() {
        let coverage = Coverage(sealedBefore: Timestamp(rfc3339: "2026-11-20T00:00:00Z"), asksUnbounded: true)
        let spans = coverage.spans(of: range("2026-11-18T10:07:00Z", "2026-11-21T10:07:00Z"))
        let events = spans.filter { $0.source == .events }
        #expect(events.map(\.range) == [range("2026-11-20T00:00:00Z", "2026-11-21T10:07:00Z")])
        #expect(spans.first?.source == .tiles(.quarterHour))
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `spans follow each other without a gap, and tiles are whole`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let step = random.pick([1, 900_000_000, 86_400_000_000] as [Int64])
        let instants = (0..<2).map { _ in
            Timestamp(
                microseconds: Int64.random(in: -200_000_000_000_000...2_000_000_000_000_000, using: &random) / step
                    * step
            )
        }.sorted()
        let asked = instants[0]..<instants[1]
        var coverage = Coverage()
        if random.isOnce(in: 2) {
            for _ in 0..<3 {
                let inside = Int64.random(
                    in: asked.lowerBound.microseconds...asked.upperBound.microseconds,
                    using: &random
                )
                coverage.opaqueDays.insert(TileGrain.day.start(of: Timestamp(microseconds: inside)))
            }
        }
        var position = asked.lowerBound
        for span in coverage.spans(of: asked) {
            #expect(span.range.lowerBound == position, "seed \(seed)")
            position = span.range.upperBound
            if case .tiles(let grain) = span.source {
                #expect(grain.start(of: span.range.lowerBound) == span.range.lowerBound, "seed \(seed)")
                #expect(grain.start(of: span.range.upperBound) == span.range.upperBound, "seed \(seed)")
            }
        }
        #expect(position == asked.upperBound, "seed \(seed)")
    }

    @Test func `all of time is covered without a trap`() {
        let spans = Coverage().spans(of: .always)
        #expect(spans.first?.range.lowerBound == TileGrain.times.lowerBound)
        #expect(spans.last?.range.upperBound == TileGrain.times.upperBound)
    }
}
