import OutlayCore
import Testing

@testable import OutlaySandbox

@Suite struct DemoHistoryTests {
    private static let end = Timestamp(seconds: 1_795_276_800 + 55_555)
    private static let calls = DemoHistory(seed: 1, end: end).calls()
    private let calls = DemoHistoryTests.calls

    @Test func `a seed gives one history and another seed another`() {
        #expect(DemoHistory(seed: 1, end: Self.end).calls() == calls)
        #expect(DemoHistory(seed: 2, end: Self.end).calls() != calls)
    }

    @Test func `there are about 40 000 calls, in order, in 90 days`() throws {
        #expect((37_000...43_000).contains(calls.count))
        #expect(zip(calls, calls.dropFirst()).allSatisfy { $0.at <= $1.at })
        let (first, last) = (try #require(calls.first), try #require(calls.last))
        #expect(last.at < Self.end && first.at > Self.end.advanced(bySeconds: -90 * 86_400 - 3600))
    }

    @Test func `every call has what a report asks for`() {
        for call in calls {
            #expect(!call.usage.isEmpty && call.usage.counts.allSatisfy { $0.count > 0 })
            #expect(call.tags[.team] != nil && call.tags[.project] != nil && call.tags[.environment] != nil)
            #expect(call.latencyMicroseconds > 0)
        }
        #expect(Set(calls.map(\.model)).count >= 10)
        #expect(Set(calls.map(\.provider)) == ["openai", "anthropic", "google", "mistral", "deepseek"])
        #expect(Set(calls.compactMap { $0.tags[.customer] }).count == 12)
        #expect(Set(calls.compactMap { $0.tags[.team] }).count == 6)
    }

    @Test func `no model is called before it was there`() {
        let released = [
            "gpt-6.1-sol": Timestamp(seconds: 1_790_640_000), "deepseek-flash": Timestamp(seconds: 1_788_998_400),
        ]
        for call in calls { #expect(call.at >= released[call.model] ?? call.at) }
        let names = ["gpt-5.6-sol", "gpt-6.1-sol", "deepseek-v4-flash", "deepseek-flash"]
        #expect(Set(calls.map(\.model)).isSuperset(of: names))
    }

    @Test func `weekends are quieter and use grows`() {
        let day = { (call: DemoCall) in call.at.microseconds / 86_400_000_000 }
        let isWeekend = { (day: Int64) in [0, 6].contains((day + 4) % 7) }
        let byDay = Dictionary(grouping: calls.filter { $0.tags[.team] != "research" }, by: day).mapValues(\.count)
        let weekend = byDay.filter { isWeekend($0.key) }.values
        let weekdays = byDay.filter { !isWeekend($0.key) }.values
        #expect(weekend.reduce(0, +) / weekend.count * 2 < weekdays.reduce(0, +) / weekdays.count)
        let middle = Self.end.advanced(bySeconds: -45 * 86_400)
        let early = calls.count { $0.at < middle }
        #expect(Double(calls.count - early) > 1.25 * Double(early))
    }

    @Test func `one agent runs away for one night`() throws {
        let crawler = calls.filter { $0.tags[.agent] == Company.runawayAgent }
        let byDay = Dictionary(grouping: crawler) { $0.at.microseconds / 86_400_000_000 }.mapValues(\.count)
        let worst = try #require(byDay.max { $0.value < $1.value })
        #expect(Self.end.microseconds / 86_400_000_000 - worst.key == 12)
        let usual = byDay.filter { $0.key != worst.key }.values.max() ?? 0
        #expect(worst.value > 20 * usual)
    }

    @Test func `sizes follow the trace`() {
        let answers = calls.filter { $0.tags[.feature] == "answer" }.map { $0.usage[.output] }
        let mean = Double(answers.reduce(0, +)) / Double(answers.count)
        #expect((195...230).contains(mean))
        let triage = calls.filter { $0.tags[.feature] == "triage" }.map { $0.usage[.input] }
        let context = Double(triage.reduce(0, +)) / Double(triage.count)
        #expect((1950...2150).contains(context))
    }

    @Test func `cache writes are only where the model has a price for them`() {
        #expect(calls.allSatisfy { $0.usage[.cacheWrite5m] == 0 || $0.provider == "anthropic" })
        #expect(calls.allSatisfy { $0.api != "embeddings" || $0.usage[.output] == 0 })
    }
}
