import Foundation
import OutlayConfig
import OutlayCore
import Testing

@Suite struct ResourcesTests {
    private let full: Resources

    init() throws {
        full = try #require(
            ConfigFiles(FixtureTests.folder.appending(path: "full.good.yaml").path).validate().resources
        )
    }

    @Test func `the full example fills every section`() throws {
        #expect(full.upstreams.map(\.name) == ["openai", "azure-eu", "vllm", "claude", "groq"])
        #expect(full.workspaces.map(\.name) == ["platform", "research"])
        #expect(full.agents.map(\.name) == ["support-bot", "pager"])
        #expect(full.keys.map(\.name) == ["ci-bot", "nightly"])
        #expect(full.rules.map(\.name) == ["atlas", "host *.staging.example.com", "user ada"])
        #expect(full.tools == [ToolPrice(name: "browser", perCall: Money(picodollars: 10_000_000_000))])
        let emitter = try #require(full.emitters.first)
        #expect((emitter.name, emitter.leading, emitter.inputIncludesCache) == ("house-agent", .log, false))
        #expect(emitter.attributes[.output] == ["house.tokens_out", "house.out"])
        #expect(emitter.metrics.map(\.counts) == [["in": .input, "out": .output], ["": .cost]])
        #expect(full.prices.map(\.model) == ["house-model", "house-voice", "house-live", "house-tts"])
        #expect(full.discounts.map(\.name) == ["enterprise", "own-rates", "committed"])
        #expect(full.retention == Retention(eventDays: 403))
    }

    @Test func `an upstream says what prices and behaviour depend on`() throws {
        var context = RatingContext()
        context.dataResidency = "eu"
        context.serviceTier = "default"
        context.apiHost = "eu.api.openai.com"
        let openai = full.upstreams[0]
        #expect(openai.context == context)
        #expect(openai.key == .environment("OPENAI_API_KEY"))
        #expect(openai.fallbacks == ["azure-eu"])
        #expect(openai.cancelStopsBilling == true)
        let vocabulary = FixtureTests.folder.appending(path: "vocabularies/o200k_base.tiktoken").path
        #expect(
            openai.estimates == [
                Upstream.Estimate(models: [NamePattern("gpt-*")], measure: .tokenizer(file: vocabulary)),
                Upstream.Estimate(
                    models: [NamePattern("*")],
                    measure: .charactersPerToken(CharactersPerToken(thousandths: 3600))
                ),
            ]
        )
        let azure = full.upstreams[1]
        #expect(azure.dialect == .azureOpenAI)
        #expect(azure.key == .vault("azure-eu"))
        #expect(azure.deployments == ["chat-prod": "gpt-4o", "chat-small": "gpt-4o-mini"])
        #expect(azure.context.deploymentType == "DataZoneStandard-EU")
    }

    @Test func `paths are beside the file, URLs have no slash at the end, known hosts need no more`() {
        let vllm = full.upstreams[2]
        #expect(vllm.baseURL == "https://models.internal:8443/v1")
        #expect(vllm.key == .file(FixtureTests.folder.appending(path: "secrets/vllm.key").path))
        #expect(vllm.certificateAuthorities == "/etc/outlay/internal-ca.pem")
        #expect(vllm.acceptsIncludeUsage == false)
        let groq = full.upstreams[4]
        #expect(groq.dialect == .openaiCompatible)
        #expect(groq.provider == "groq")
        #expect(groq.key == .environment("GROQ_API_KEY"))
        #expect(groq.context.apiHost == nil)
    }

    @Test func `a key locks, lists and limits`() throws {
        let key = full.keys[0]
        #expect(key.workspace == "platform")
        #expect(key.tags == [.team: "platform", .environment: "development"])
        #expect(key.allow == [.feature: ["build", "review"]])
        #expect(key.models == ["gpt-*", "claude-opus-5"])
        #expect(key.expires == CivilDate("2027-01-01")?.startUTC)
        #expect(full.keySecrets["ci-bot"] == .environment("CI_BOT_KEY"))
        let digest = KeyDigest(
            high: 0x9f86_d081_884c_7d65_9a2f_eaa0_c55a_d015,
            low: 0xa3bf_4f1b_2b0b_822c_d15d_6c15_b0f0_0a08
        )
        #expect(full.keySecrets["nightly"] == .digest(digest))
        #expect(full.keys[1].door == .ingest)
    }

    @Test func `an issuer of tokens says where its keys are and what its claims mean`() throws {
        var people = TokenIssuer(
            issuer: "https://login.example.com",
            audiences: ["outlay", "intranet"],
            keys: .url("https://login.example.com/jwks.json"),
            header: "x-id-token",
            user: "email",
            tags: [.team: "department"]
        )
        people.isRequired = true
        let file = FixtureTests.folder.appending(path: "secrets/ci-jwks.json").path
        let programs = TokenIssuer(issuer: "ci", audiences: ["outlay"], keys: .file(file))
        #expect(full.tags.tokens == [people, programs])
    }

    @Test func `tags keep their spellings, aliases and dated rules`() throws {
        let dataClass = try #require(Dimension("data_class"))
        #expect(full.tags.custom == [dataClass])
        #expect(full.tags.spellings == ["squad": .team, "Sec-Class": dataClass])
        #expect(full.tags.aliases[.environment] == ["prod": "production", "dev": "development"])
        #expect(full.tags.valuesPerDayMax == 500)
        #expect(full.rules[2].to == Timestamp(rfc3339: "2026-06-30T22:00:00Z"))
        #expect(full.agents[0].tags[.costCenter] == "4712")
        #expect(full.agents[0].tags[dataClass] == "internal")
    }

    @Test func `rates are exact picodollars of one count, durations in milliseconds`() {
        let house = full.prices[0].rates
        #expect(
            house == [
                .input: Rate(picodollars: 1_000_000), .cacheRead: Rate(picodollars: 100_000),
                .output: Rate(picodollars: 4_000_000),
            ]
        )
        let voice = full.prices[1].rates
        #expect(voice[.input] == Rate(picodollars: 37_500))
        #expect(voice[.webSearch] == Rate(picodollars: 10_000_000_000))
        #expect(voice[.audioSeconds] == Rate(picodollars: 100_000))
        #expect(voice[UsageUnit("container")] == Rate(picodollars: 30_000_000_000))
        #expect(full.prices[2].rates[.audioSeconds] == Rate(picodollars: 1_000_000))
        #expect(full.prices[3].rates[UsageUnit("output_seconds")] == Rate(picodollars: 1_000_000))
    }

    @Test func `discounts are fractions and steps, never floating point`() throws {
        #expect(full.discounts[0].terms == .percent(numerator: 73, denominator: 1000))
        #expect(full.discounts[1].terms == .rates([.input: Rate(picodollars: 4_500_000)]))
        #expect(full.discounts[1].models == ["claude-opus-5"])
        let end = try #require(CivilDate("2027-01-01")).startUTC
        let dollar = Money.picodollarsPerDollar
        let steps = [
            Discount.VolumeStep(above: .zero, percentNumerator: 0, percentDenominator: 100),
            Discount.VolumeStep(
                above: Money(picodollars: 100_000 * dollar),
                percentNumerator: 5,
                percentDenominator: 100
            ),
            Discount.VolumeStep(
                above: Money(picodollars: 250_000 * dollar + dollar / 2),
                percentNumerator: 125,
                percentDenominator: 1000
            ),
        ]
        #expect(full.discounts[2].terms == .volume(steps: steps, isMarginal: true, periodEnd: end))
    }

    @Test func `what YAML 1.1 takes for booleans and numbers stays text`() throws {
        let path = FixtureTests.folder.appending(path: "yaml11.good.yaml").path
        let key = try #require(ConfigFiles(path).validate().resources?.keys.first)
        #expect(key.name == "no")
        #expect(
            key.tags == [
                .team: "on", .environment: "y", .costCenter: "0123", .feature: "1e3", .customer: "1_000",
                .project: "12:30:45",
            ]
        )
    }

    @Test func `characters that begin shorthands are text inside text`() throws {
        let path = FixtureTests.folder.appending(path: "yaml11.good.yaml").path
        let key = try #require(ConfigFiles(path).validate().resources?.keys.last)
        #expect(key.name == "*stars* & !bangs")
        #expect(key.tags == [.team: "a*b&c!d"])
        #expect(key.models == ["gpt-*", "o3*"])
    }

    @Test func `the built-in upstreams stand beside the configured ones`() {
        let names = full.withDefaultUpstreams().upstreams.map(\.name)
        #expect(names == ["openai", "azure-eu", "vllm", "claude", "groq", "anthropic", "gemini"])
        #expect(Resources().withDefaultUpstreams().upstreams == Upstream.builtIn)
        #expect(full.withDefaultUpstreams().upstreams[0].baseURL == "https://eu.api.openai.com/v1")
    }
}
