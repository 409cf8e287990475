import OutlayCore
import Testing

/// Sums that an emitter sends beside the calls they sum up.
@Suite struct SumsBesideCallsTests {
    static func report(_ identity: UInt128, _ level: Observation.Level, _ place: TracePlace, input: Int64 = 0)
        -> Observation
    {
        Observation(
            Observation.Parts(
                identity: identity,
                emitter: "openclaw",
                signal: .span,
                level: level,
                authority: level == .aggregate ? .aggregate : .leading,
                place: place,
                start: Timestamp(seconds: 1_795_000_000),
                end: Timestamp(seconds: 1_795_000_001),
                service: ServiceUse(provider: "anthropic", api: "messages"),
                metering: Metering(
                    parts: [UsagePart(usage: [.input: input])],
                    quality: level == .step ? .unbilled : .exact
                )
            )
        )
    }

    static let run = report(1, .step, TracePlace(trace: 7, span: 10))
    static let call = report(2, .call, TracePlace(trace: 7, span: 11, parent: 10), input: 211)
    static let sum = report(3, .aggregate, .ofParent(10, trace: 7), input: 422)

    static func calls(_ observations: [Observation]) -> [UInt128] {
        TelemetryProjection(of: observations).calls().map(\.lead.identity)
    }

    @Test func `a sum beside the calls of its run is not added to them`() {
        #expect(Self.calls([Self.run, Self.call, Self.sum]) == [2])
        #expect(Self.calls([Self.sum, Self.call]) == [2])
    }

    @Test func `a sum counts where no call of its run was reported, with the run above it`() throws {
        let projected = TelemetryProjection(of: [Self.run, Self.sum]).calls()
        #expect(projected.map(\.lead.identity) == [3])
        #expect(try #require(projected.first).ancestors.map(\.identity) == [1])
    }

    @Test func `a sum of another run counts beside the calls of this one`() {
        let other = Self.report(4, .aggregate, .ofParent(20, trace: 7), input: 9)
        #expect(Self.calls([Self.run, Self.call, other]) == [2, 4])
    }
}
