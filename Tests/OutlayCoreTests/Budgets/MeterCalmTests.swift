import OutlayTestKit
import Testing

@testable import OutlayCore

@Suite struct MeterCalmTests {
    private static let now = Timestamp(seconds: 1_793_491_200)
    private static let window = now..<now.advanced(bySeconds: 3600)

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `within the calm amounts a look at the thresholds finds nothing, and at their ends it does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int128(Int.random(in: -2...400, using: &random))
        let thresholds = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            Threshold(percent: Int.random(in: 1...250, using: &random))
        }.sorted { $0.percent < $1.percent }
        var meter = BudgetMeter(window: Self.window)
        for _ in 0..<20 {
            _ = meter.evaluate(thresholds, limit: limit, at: Self.now)
            let calm = meter.calm(thresholds, limit: limit)
            #expect(limit <= 0 ? calm.isEmpty : calm.contains(meter.posted), "seed \(seed)")
            for amount in Int128(-20)...1100 {
                var moved = meter
                moved.post(amount - meter.posted, at: Self.now)
                let effects = moved.evaluate(thresholds, limit: limit, at: Self.now)
                let finds = !effects.isEmpty || moved.inForce != meter.inForce
                if finds == calm.contains(amount), limit > 0 { Issue.record("seed \(seed), \(amount)") }
            }
            meter.post(Int128(Int.random(in: -150...300, using: &random)), at: Self.now)
        }
    }

    @Test func `forecasts and limits beyond all sense are always looked at`() {
        let meter = BudgetMeter(window: Self.window)
        let forecast = [Threshold(percent: 80, basis: .forecast)]
        #expect(meter.calm(forecast, limit: 100).isEmpty)
        #expect(meter.calm([Threshold(percent: 80)], limit: .max).isEmpty)
        #expect(meter.calm([], limit: 100).contains(.max - 1))
    }
}
