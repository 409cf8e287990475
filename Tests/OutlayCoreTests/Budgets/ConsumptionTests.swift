import OutlayTestKit
import Testing

@testable import OutlayCore

@Suite struct ConsumptionTests {
    /// What the sums over an event say of it, by way of its list of units.
    private static func summed(_ event: CostEvent) -> Consumption {
        let part = Contribution(of: event)
        return Consumption(cost: part.effective, counts: part.usage, calls: part.calls)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `budgets count of an event what every other sum counts`(seed: UInt64) {
        var generator = EventGenerator(seed: seed)
        for event in generator.events(200) {
            #expect(Consumption(of: event) == Self.summed(event), "seed \(seed)")
        }
    }

    @Test(arguments: [
        [UnitCount(.input, .max), UnitCount(.output, 5)], [UnitCount(.input, -7), UnitCount(.output, 5)],
        [UnitCount(.input, 3), UnitCount(.heldTokens, 9)], [UnitCount(.webSearch, 2), UnitCount(.cacheWrite1h, 4)],
        [UnitCount(.outputAudio, 2), UnitCount(UsageUnit("output_seconds"), 4), UnitCount(.inputCharacters, 8)],
    ])
    func `odd counts are counted alike`(_ counts: [UnitCount]) {
        for callCount in [0, 1, 25, -3, Int64.max] {
            let event = CostEvent.event("odd").with {
                $0.metering.parts = [UsagePart(usage: Usage(counts)), UsagePart(usage: Usage(counts.dropLast()))]
                $0.callCount = callCount
            }
            for event in [event, event.reversal("back"), event.with { $0.isNotional = true }] {
                #expect(Consumption(of: event) == Self.summed(event))
            }
        }
    }
}
