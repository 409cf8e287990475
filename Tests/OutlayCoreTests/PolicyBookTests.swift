import OutlayCore
import Testing

@Suite struct PolicyBookTests {
    private static func subject(_ tags: TagSet = .empty, in workspace: String = "default") -> PolicySubject {
        PolicySubject(
            call: CallSubject(
                service: ServiceUse(provider: "openai", api: "responses", requestedModel: "gpt-5"),
                attribution: Attribution(workspace: workspace, key: "key", effective: tags)
            ),
            at: PolicyScenario.usualTime
        )
    }

    @Test func `without policies every call is allowed`() {
        #expect(PolicyBook([]).decide(Self.subject()) == .allow)
        #expect(PolicyBook([]).explain(Self.subject()).lines == [])
    }

    @Test func `a call of a workspace that was not announced is judged like one that was`() throws {
        let policies = [
            Policy(name: "all", rules: [PolicyRule(.require([.team]))]),
            Policy(name: "eu", scope: [.workspace: "eu-*"], rules: [PolicyRule(.require([.project]))]),
        ]
        let announced = PolicyBook(policies, workspaces: ["eu-1", "us"])
        let unknown = PolicyBook(policies)
        for workspace in ["eu-1", "us", "default"] {
            let subject = Self.subject(in: workspace)
            #expect(announced.decide(subject) == unknown.decide(subject))
        }
        #expect(announced.decide(Self.subject(in: "eu-1")).findings.map(\.policy) == ["all", "eu"])
        #expect(announced.decide(Self.subject(in: "us")).findings.map(\.policy) == ["all"])
    }

    @Test func `tags that are set say from where, and replace what the call had`() throws {
        let book = PolicyBook([
            Policy(name: "numbers", rules: [PolicyRule(.always, .set([.costCenter: "4711", .team: "growth"]))])
        ])
        var subject = Self.subject([.costCenter: "1"])
        subject.call.attribution.origins = [
            TagOrigin(.workspace, from: .keyLock, detail: "key"), TagOrigin(.costCenter, from: .header, detail: "x"),
        ]
        let attribution = book.decide(subject).applied(to: subject.call.attribution)
        #expect(attribution.effective == [.costCenter: "4711", .team: "growth"])
        #expect(
            attribution.origins == [
                TagOrigin(.workspace, from: .keyLock, detail: "key"),
                TagOrigin(.costCenter, from: .policy, detail: "numbers"),
                TagOrigin(.team, from: .policy, detail: "numbers"),
            ]
        )
    }

    @Test func `a verdict without tags leaves the attribution as it is`() {
        let attribution = Self.subject([.team: "growth"]).call.attribution
        #expect(PolicyVerdict.allow.applied(to: attribution) == attribution)
    }

    @Test func `an explanation has a line for every rule, in order, and the verdict of the gate`() throws {
        let book = PolicyBook([
            Policy(
                name: "a",
                rules: [
                    PolicyRule(.require([.team])),
                    PolicyRule(.when(try PolicyCondition("has(project)")), .set([.purpose: "x"])),
                    PolicyRule(.always, .warn, message: "hello"),
                ]
            ),
            Policy(name: "b", scope: [.workspace: "other"], rules: [PolicyRule(.always)]),
        ])
        let explanation = book.explain(Self.subject())
        #expect(explanation.verdict == book.decide(Self.subject()))
        #expect(
            explanation.description == """
                applies          a: require team: team is absent
                does not apply   a: set purpose=x when has(project): project is absent
                applies          a: warn always: every call
                does not apply   b: is about workspace=other, and workspace is 'default'
                """
        )
    }

    @Test(arguments: [
        (["team": "growth"], [] as [String]),
        ([:], ["team", "cost_center"]),
    ])
    func `a workspace lacks what it and the policies about workspaces require`(
        _ row: (tags: [String: String], missing: [String])
    ) {
        var workspace = Workspace(name: "platform", requires: [.team])
        for (name, value) in row.tags { if let dimension = Dimension(name) { workspace.tags[dimension] = value } }
        if !row.tags.isEmpty { workspace.tags[.costCenter] = "1" }
        let policies = [
            Policy(name: "own", scope: [.workspace: "plat*"], rules: [PolicyRule(.require([.costCenter, .run]))]),
            Policy(name: "other", scope: [.workspace: "lab"], rules: [PolicyRule(.require([.project]))]),
            Policy(name: "calls", rules: [PolicyRule(.require([.feature]))]),
            Policy(
                name: "some",
                scope: [.workspace: "platform", .environment: "production"],
                rules: [PolicyRule(.require([.agent]))]
            ),
        ]
        #expect(RequiredTags.missing(from: workspace, policies: policies).map(\.dimension.name) == row.missing)
    }
}
