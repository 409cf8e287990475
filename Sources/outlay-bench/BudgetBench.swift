internal import ArgumentParser
internal import OutlayCore
internal import OutlayMeters

struct BudgetBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budgets",
        abstract: "Reserve, settle and post calls that twenty budgets count, with thresholds."
    )

    @Option(help: "How many calls.") var calls = 300_000

    func run() throws {
        let now = Timestamp(seconds: 1_795_176_000)
        let meters = Meters(MeterBoard((0..<20).map(Self.budget)), now: { now })
        let requests = (0..<64).map { Self.request($0, at: now) }
        let events = requests.enumerated().map { Self.event($0.offset, $0.element) }
        var refused = 0
        let start = cpuSeconds()
        for index in 0..<calls {
            let place = index % requests.count
            guard case .decided(.admitted(let number, _, _)) = meters.reserve(requests[place]) else {
                refused += 1
                continue
            }
            meters.settle(events[place], reservation: number, isLast: true)
            meters.post([events[place]])
        }
        report("budgets_cpu_per_call", (cpuSeconds() - start) / Double(calls) * 1e6, "us")
        report("budgets_refused", Double(refused), "calls")
    }

    /// Twenty that all match: plain ones, and ones for each team, agent, customer, environment and model.
    private static func budget(_ index: Int) -> Budget {
        let groups: [[Dimension]] = [[], [.team], [.agent], [.customer], [.environment, .team]]
        return Budget(
            name: "budget-\(index)",
            scope: index % 4 == 0 ? .everything : [.environment: "production"],
            groupBy: groups[index % groups.count],
            calendar: BudgetCalendar(index % 2 == 0 ? .month : .day),
            limit: BudgetLimit(Money(picodollars: 1_000_000 * Money.picodollarsPerDollar)),
            thresholds: [50, 80, 100].map { Threshold(percent: $0, actions: [.notify("owner")]) }
        )
    }

    private static func request(_ index: Int, at now: Timestamp) -> BudgetRequest {
        let tags: TagSet = [
            .team: "team-\(index % 8)", .environment: "production", .agent: "agent-\(index % 16)",
            .customer: "customer-\(index)", .project: "atlas", .feature: "answers",
        ]
        let subject = CallSubject(
            service: ServiceUse(provider: "openai", api: "responses", requestedModel: "gpt-5-mini"),
            attribution: Attribution(workspace: Workspace.defaultName, key: "ci-bot", effective: tags)
        )
        let most = Consumption(cost: Money(picodollars: 50_000_000_000), tokens: 4000)
        return BudgetRequest(subject, at: now, most: most)
    }

    private static func event(_ index: Int, _ request: BudgetRequest) -> CostEvent {
        let usage: Usage = [.input: 1200, .output: 300]
        let line = CostLine(unit: .output, model: "gpt-5-mini", quantity: 300, listRate: Rate(picodollars: 2_000_000))
        return CostEvent(
            id: EventID(source: "bench", id: "call-\(index)"),
            at: request.at,
            receivedAt: request.at,
            service: request.subject.service,
            attribution: request.subject.attribution,
            metering: Metering(parts: [UsagePart(usage: usage)], quality: .exact),
            rating: Rating(lines: [line], state: .rated, version: "bench")
        )
    }
}
