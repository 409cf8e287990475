import OutlayCore
import OutlayIngest
import OutlaySQLite
import OutlayWire
import Testing

/// To which moment and at which amount the export of a counter is booked.
@Suite struct CounterBookingTests {
    /// Midnight of 1 December 2026, UTC.
    private static let midnight: UInt64 = 1_796_083_200_000_000_000
    private static let second: UInt64 = 1_000_000_000
    private static let november = Timestamp(seconds: 1_793_491_200)..<Timestamp(seconds: 1_796_083_200)
    private static let december = Timestamp(seconds: 1_796_083_200)..<Timestamp(seconds: 1_798_761_600)

    private static let leading = CounterGroup(
        emitter: "openclaw",
        authority: .leading,
        service: ServiceUse(provider: "openai", api: "chat.completions", model: "gpt-5")
    )

    private static func point(
        _ role: CounterReading.Role,
        _ value: Int64,
        start: UInt64,
        time: UInt64,
        temporality: CounterReading.Temporality = .cumulative
    ) -> CounterPoint {
        CounterPoint(
            group: leading,
            reading: CounterReading(
                group: 7,
                role: role,
                temporality: temporality,
                start: start,
                time: time,
                value: value
            )
        )
    }

    private static func stage() throws -> DeskStage {
        try DeskStage(clock: StageClock(Timestamp(seconds: 1_796_083_260)))
    }

    private static func input(of stage: DeskStage, in month: Range<Timestamp>) async throws -> Int64? {
        try await stage.ledger.spend(SpendQuery(by: [], buckets: [month])).total.usage[.input]
    }

    @Test(arguments: [CounterReading.Temporality.cumulative, .delta])
    func `what an interval across the end of a month counted is booked whole when it was told`(
        _ temporality: CounterReading.Temporality
    ) async throws {
        let stage = try Self.stage()
        let (before, after) = (Self.midnight - 30 * Self.second, Self.midnight + 30 * Self.second)
        let isDelta = temporality == .delta
        try await stage.send(
            [],
            points: [
                Self.point(.input, 100, start: before - 60 * Self.second, time: before, temporality: temporality),
                Self.point(
                    .input,
                    isDelta ? 40 : 140,
                    start: isDelta ? before : before - 60 * Self.second,
                    time: after,
                    temporality: temporality
                ),
            ]
        )
        #expect(try await Self.input(of: stage, in: Self.november) == 100)
        #expect(try await Self.input(of: stage, in: Self.december) == 40)
        try stage.remove()
    }

    @Test func `an export that ends in the instant in which a month begins belongs to that month`() async throws {
        let stage = try Self.stage()
        let point = Self.point(.input, 100, start: Self.midnight - 60 * Self.second, time: Self.midnight)
        try await stage.send([], points: [point])
        #expect(try await Self.input(of: stage, in: Self.november) == nil)
        #expect(try await Self.input(of: stage, in: Self.december) == 100)
        try stage.remove()
    }

    @Test func `a point between two others moves its part to its own month`() async throws {
        let stage = try Self.stage()
        let (start, before, after) = (
            Self.midnight - 90 * Self.second, Self.midnight - 30 * Self.second, Self.midnight + 30 * Self.second
        )
        try await stage.send([], points: [Self.point(.input, 140, start: start, time: after)])
        #expect(try await Self.input(of: stage, in: Self.december) == 140)
        try await stage.send([], points: [Self.point(.input, 100, start: start, time: before)])
        #expect(try await Self.input(of: stage, in: Self.november) == 100)
        #expect(try await Self.input(of: stage, in: Self.december) == 40)
        try stage.remove()
    }

    @Test func `where nobody tells cached tokens apart, what the emitter says they cost counts`() async throws {
        let cost = try #require(Money(dollars: "0.00025"))
        let points = [
            Self.point(.inputWithCache, 1207, start: 1, time: Self.midnight),
            Self.point(.output, 53, start: 1, time: Self.midnight),
            Self.point(.cost, Int64(cost.picodollars), start: 1, time: Self.midnight),
        ]
        let untold = try Self.stage()
        try await untold.send([], points: points)
        #expect(try await untold.spend().total.effective == cost)
        try untold.remove()
        let told = try Self.stage()
        try await told.send([], points: points + [Self.point(.cacheRead, 0, start: 1, time: Self.midnight)])
        #expect(try await told.spend().total.effective == Money(dollars: "0.00126"))
        try told.remove()
    }
}
