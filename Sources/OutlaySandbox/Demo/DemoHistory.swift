package import OutlayCore

/// Days of plausible AI spend of a make-believe company, made from a seed.
///
/// Pure: the same seed, end and length give the same calls. Token sizes follow a real hour of production traffic
/// (``TraceQuantiles``); hours, weekdays, growth and one agent that runs away for a night are made up. About
/// 40 000 calls in 90 days.
package struct DemoHistory: Sendable {
    private let start: Int64
    private let days: Int
    private let callCount: Int
    private var random: DemoRandom

    private static let hour: Int64 = 3600
    /// Days before the end on which the runaway agent has its night.
    private static let runawayDaysAgo = 12

    /// - Parameters:
    ///   - seed: chooses everything that is left to chance.
    ///   - end: no call is later; the history begins `days` days before, on the hour.
    ///   - days: how long it is, at least 1.
    ///   - callCount: about how many calls, without the runaway's.
    package init(seed: UInt64, end: Timestamp, days: Int = 90, callCount: Int = 38_000) {
        precondition(days > 0 && callCount >= 0, "a history has a day and no negative number of calls")
        let endHour = max(0, end.microseconds) / 1_000_000 / Self.hour
        start = max(0, endHour - Int64(days) * 24) * Self.hour
        self.days = days
        self.callCount = callCount
        random = DemoRandom(state: seed)
    }

    /// The calls in order of time.
    package func calls() -> [DemoCall] {
        var copy = self
        return copy.generate()
    }

    private mutating func generate() -> [DemoCall] {
        var calls: [DemoCall] = []
        calls.reserveCapacity(callCount + 4000)
        var owed = Company.workloads.map { _ in 0.0 }
        let scales = Company.workloads.map(scale)
        for hour in 0..<days * 24 {
            var minutes: [(offset: Int64, workload: Int)] = []
            for (index, workload) in Company.workloads.enumerated() {
                owed[index] += Double(weight(workload, hour: hour)) * scales[index]
                while owed[index] >= 1 {
                    owed[index] -= 1
                    minutes.append((Int64.random(in: 0..<3_600_000_000, using: &random), index))
                }
            }
            minutes.sort { ($0.offset, $0.workload) < ($1.offset, $1.workload) }
            for minute in minutes {
                let at = Timestamp(microseconds: (start + Int64(hour) * Self.hour) * 1_000_000 + minute.offset)
                calls.append(call(of: Company.workloads[minute.workload], at: at))
            }
        }
        return calls
    }

    /// Calls per unit of weight, so that all normal hours together give the workload's share.
    private func scale(_ workload: Workload) -> Double {
        let total = (0..<days * 24).reduce(0) { $0 + normalWeight(workload, hour: $1) }
        return total == 0 ? 0 : Double(callCount * workload.share) / 1000 / Double(total)
    }

    private func weight(_ workload: Workload, hour: Int) -> Int {
        let sinceEpoch = start / Self.hour + Int64(hour)
        let daysLeft = (start / Self.hour / 24 + Int64(days)) - sinceEpoch / 24
        let isNight = (0..<5).contains(sinceEpoch % 24)
        let isRunaway =
            isNight && daysLeft == Self.runawayDaysAgo && workload.tags[.agent] == Company.runawayAgent
        return normalWeight(workload, hour: hour) * (isRunaway ? Company.runawayFactor : 1)
    }

    /// Activity times growth: the last day has 1.8 times the first one's.
    private func normalWeight(_ workload: Workload, hour: Int) -> Int {
        let sinceEpoch = start / Self.hour + Int64(hour)
        let weekday = Int((sinceEpoch / 24 + 4) % 7)
        let growth = 1000 + 800 * (hour / 24) / max(1, days - 1)
        return workload.activity(weekday: weekday, hour: Int(sinceEpoch % 24)) * growth
    }

    private mutating func call(of workload: Workload, at: Timestamp) -> DemoCall {
        let model = pick(workload.models, weight: \.weight)
        let usage = usage(of: workload.shape, model)
        let output = usage[.output]
        let first = Int64.random(in: 180_000...900_000, using: &random) + usage.promptTokens * 12
        let isStream = output > 0 && workload.tags[.agent] != nil
        return DemoCall(
            at: at,
            provider: model.provider,
            api: model.api,
            model: model.name(at: at),
            usage: usage,
            tags: tags(of: workload),
            isStream: isStream,
            latencyMicroseconds: first + output * Int64.random(in: 9000...16_000, using: &random),
            timeToFirstTokenMicroseconds: isStream ? first : nil
        )
    }

    private mutating func tags(of workload: Workload) -> TagSet {
        var tags = workload.tags
        let dice = Int.random(in: 0..<200, using: &random)
        let isProduction = dice < workload.productionPercent * 2
        tags[.environment] = isProduction ? "production" : dice % 2 == 0 ? "staging" : "development"
        if workload.hasCustomers {
            let ranks = Array(Company.customers.enumerated())
            tags[.customer] = pick(ranks, weight: { 10_000 / ($0.offset + 1) }).element
        }
        if !workload.users.isEmpty {
            tags[.user] = workload.users[Int.random(in: 0..<workload.users.count, using: &random)]
        }
        return tags
    }

    private mutating func usage(of shape: Workload.Shape, _ model: Workload.Model) -> Usage {
        switch shape {
        case .conversation:
            return [
                .input: draw(TraceQuantiles.conversationContext), .output: draw(TraceQuantiles.conversationGenerated),
            ]
        case .code:
            return [.input: draw(TraceQuantiles.codeContext), .output: draw(TraceQuantiles.codeGenerated)]
        case .embedding: return [.input: draw(TraceQuantiles.codeContext)]
        case .agent(let factor, let cachedPercent):
            let context = draw(TraceQuantiles.codeContext) * factor
            let cached = context * Int64.random(in: cachedPercent - 15...cachedPercent + 15, using: &random) / 100
            let written = model.provider == "anthropic" ? (context - cached) / 2 : 0
            return [
                .input: context - cached - written, .cacheRead: cached, .cacheWrite5m: written,
                .output: draw(TraceQuantiles.conversationGenerated) + draw(TraceQuantiles.codeGenerated),
            ]
        }
    }

    /// A size between two neighbouring quantiles.
    private mutating func draw(_ quantiles: [Int64]) -> Int64 {
        let index = Int.random(in: 0..<quantiles.count - 1, using: &random)
        return Int64.random(in: quantiles[index]...quantiles[index + 1], using: &random)
    }

    private mutating func pick<Element>(_ list: [Element], weight: (Element) -> Int) -> Element {
        var rest = Int.random(in: 0..<list.reduce(0) { $0 + weight($1) }, using: &random)
        for element in list {
            rest -= weight(element)
            if rest < 0 { return element }
        }
        return list[list.count - 1]
    }
}

/// SplitMix64, so that a seed means the same on every machine and in every version.
private struct DemoRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
