internal import ArgumentParser
internal import OutlayCore

struct PolicyBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Ask twenty policies about a call: required tags, registry, conditions, scopes."
    )

    @Option(help: "How many calls.") var calls = 1_000_000

    func run() throws {
        let book = PolicyBook(
            try (0..<5).flatMap(Self.policies),
            registry: Registry(teams: (0..<50).map { Team(name: "team-\($0)") }),
            workspaces: [Workspace.defaultName]
        )
        var denied = 0
        let subjects = (0..<64).map(Self.subject)
        let start = cpuSeconds()
        for index in 0..<calls where book.decide(subjects[index % subjects.count]).outcome == .deny { denied += 1 }
        report("policy_cpu_per_call", (cpuSeconds() - start) / Double(calls) * 1e6, "us")
        report("policy_denied", Double(denied) / Double(calls), "share")
    }

    private static func policies(_ index: Int) throws -> [Policy] {
        let conditions = [
            #"environment == "production" && cost_center == """#,
            #"model matches "gpt-5*" && estimated_cost > $\#(5 + index) && !has(project)"#,
            #"feature in ["a", "b", "c"] || agent == "rogue-\#(index)""#,
        ]
        return [
            Policy(name: "tags-\(index)", rules: [PolicyRule(.require([.team, .costCenter, .environment]))]),
            Policy(name: "registry-\(index)", rules: [PolicyRule(.allow(.team, .registry))]),
            Policy(
                name: "conditions-\(index)",
                scope: [.environment: "production"],
                rules: try conditions.map { PolicyRule(.when(try PolicyCondition($0))) }
            ),
            Policy(
                name: "hours-\(index)",
                rules: [PolicyRule(.when(try PolicyCondition("hour >= 22 && weekday in [sat, sun]")), .warn)]
            ),
        ]
    }

    /// Most calls are allowed; every sixteenth lacks its cost centre.
    private static func subject(_ index: Int) -> PolicySubject {
        var tags: TagSet = [
            .team: "team-\(index % 50)", .environment: "production", .project: "atlas", .feature: "answers",
            .agent: "support-bot", .customer: "customer-\(index)", .run: "4bf92f3577b34da6a3ce929d0e0e4736",
        ]
        if index % 16 != 0 { tags[.costCenter] = "4711" }
        return PolicySubject(
            call: CallSubject(
                service: ServiceUse(provider: "openai", api: "responses", requestedModel: "gpt-5-mini"),
                attribution: Attribution(workspace: Workspace.defaultName, key: "ci-bot", effective: tags)
            ),
            at: Timestamp(seconds: 1_795_176_000 + Int64(index)),
            estimatedCost: Money(picodollars: 500_000_000_000),
            promptTokens: 4808
        )
    }
}
