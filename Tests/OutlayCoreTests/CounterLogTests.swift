import OutlayCore
import OutlayTestKit
import Testing

/// Counters become what was added, whatever happens to the points on their way.
@Suite struct CounterLogTests {
    /// Exports in memory.
    final class Shelf: CounterShelf {
        var exports: [UInt64: CounterExport] = [:]

        func export(at time: UInt64) -> CounterExport? { exports[time] }

        func export(before time: UInt64, having entry: CounterExport.Entry) -> CounterExport? {
            exports.values.filter { $0.time < time && $0.entries.contains { $0.continues(entry) } }
                .max { $0.time < $1.time }
        }

        func export(after time: UInt64, having entry: CounterExport.Entry) -> CounterExport? {
            exports.values.filter { $0.time > time && $0.entries.contains { $0.continues(entry) } }
                .min { $0.time < $1.time }
        }

        func added(_ role: CounterReading.Role = .input) -> Int64 {
            exports.values.reduce(0) { $0 + $1[role] }
        }
    }

    static func reading(
        _ value: Int64,
        at time: UInt64,
        start: UInt64 = 100,
        temporality: CounterReading.Temporality = .cumulative
    ) -> CounterReading {
        CounterReading(group: 1, role: .input, temporality: temporality, start: start, time: time, value: value)
    }

    /// What a shelf holds after the readings, taken one at a time as transactions do.
    static func shelf(after readings: [CounterReading]) throws -> (Shelf, [CounterLog.Outcome]) {
        let shelf = Shelf()
        var series: [CounterSeries] = []
        var outcomes: [CounterLog.Outcome] = []
        for reading in readings {
            var log = CounterLog(series: series)
            outcomes.append(try log.take(reading, from: shelf))
            series = log.series
            shelf.exports.merge(log.changed) { _, new in new }
        }
        return (shelf, outcomes)
    }

    @Test func `the first point of a series counts from nothing`() throws {
        let (shelf, _) = try Self.shelf(after: [Self.reading(40, at: 200), Self.reading(70, at: 300)])
        #expect(shelf.added() == 70)
        #expect(shelf.exports[300]?[.input] == 30)
    }

    @Test func `where the start is unknown the first point is where counting begins`() throws {
        let readings = [Self.reading(40, at: 200, start: 0), Self.reading(70, at: 300, start: 0)]
        #expect(try Self.shelf(after: readings).0.added() == 30)
    }

    @Test func `a lower value is a process that began again`() throws {
        let readings = [Self.reading(40, at: 200), Self.reading(10, at: 300), Self.reading(15, at: 400)]
        #expect(try Self.shelf(after: readings).0.added() == 55)
    }

    @Test func `the old process re-exported after the new one began adds nothing`() throws {
        let readings = [
            Self.reading(40, at: 200), Self.reading(5, at: 300, start: 250), Self.reading(40, at: 350),
            Self.reading(9, at: 400, start: 250),
        ]
        #expect(try Self.shelf(after: readings).0.added() == 49)
    }

    @Test func `a point sent again is a duplicate, with another value a conflict`() throws {
        let readings = [Self.reading(40, at: 200), Self.reading(40, at: 200), Self.reading(41, at: 200)]
        let (shelf, outcomes) = try Self.shelf(after: readings)
        #expect(outcomes == [.new, .duplicate, .conflict])
        #expect(shelf.added() == 40)
    }

    @Test func `deltas are added once each, in any order`() throws {
        let first = Self.reading(4, at: 200, start: 100, temporality: .delta)
        let second = Self.reading(6, at: 300, start: 200, temporality: .delta)
        #expect(try Self.shelf(after: [second, first, second]).0.added() == 10)
    }

    /// What becomes of `late` when all exports before it was sent have been forgotten, and only the series are known.
    private static func outcome(
        of late: CounterReading,
        after readings: [CounterReading],
        keeping kept: Set<UInt64> = [],
        horizon: UInt64 = 0
    ) throws -> (outcome: CounterLog.Outcome, added: Int64) {
        let shelf = Shelf()
        var log = CounterLog(series: [])
        for reading in readings { _ = try log.take(reading, from: shelf) }
        shelf.exports = log.changed.filter { kept.contains($0.key) }
        var later = CounterLog(series: log.series)
        let outcome = try later.take(late, from: shelf, horizon: horizon)
        return (outcome, later.changed.values.reduce(0) { $0 + $1[.input] })
    }

    @Test func `a point between forgotten ones adds nothing, for the later ones told it already`() throws {
        let readings = [Self.reading(40, at: 200), Self.reading(90, at: 400)]
        for kept in [[], [200], [400]] as [Set<UInt64>] {
            let (outcome, added) = try Self.outcome(of: Self.reading(60, at: 300), after: readings, keeping: kept)
            #expect(outcome == .tooLate)
            #expect(added == 0)
        }
        #expect(try Self.outcome(of: Self.reading(90, at: 500), after: readings) == (.new, 0))
        #expect(try Self.outcome(of: Self.reading(95, at: 500), after: readings) == (.new, 5))
    }

    @Test func `the last point of a series is known even when it was forgotten`() throws {
        let readings = [Self.reading(40, at: 200)]
        #expect(try Self.outcome(of: Self.reading(40, at: 200), after: readings) == (.duplicate, 0))
        #expect(try Self.outcome(of: Self.reading(41, at: 200), after: readings) == (.conflict, 0))
    }

    @Test func `a delta from before what is kept may have been added already`() throws {
        func delta(_ time: UInt64) -> CounterReading { Self.reading(4, at: time, temporality: .delta) }
        let readings = [delta(200), delta(400)]
        #expect(try Self.outcome(of: delta(200), after: readings, horizon: 300) == (.tooLate, 0))
        #expect(try Self.outcome(of: delta(350), after: readings, horizon: 300) == (.new, 4))
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `any order of points ends in the same exports`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var readings: [CounterReading] = []
        for start in [100, 5000, 9000] as [UInt64] {
            var value: Int64 = 0
            for step in 1...12 as ClosedRange<UInt64> {
                value =
                    Int.random(in: 0..<9, using: &random) == 0 ? 3 : value + Int64.random(in: 0...50, using: &random)
                readings.append(Self.reading(value, at: start + step * 700, start: start))
            }
        }
        let expected = try Self.shelf(after: readings).0.exports
        for _ in 0..<5 {
            readings.shuffle(using: &random)
            #expect(try Self.shelf(after: readings + readings.prefix(9)).0.exports == expected)
        }
    }
}
