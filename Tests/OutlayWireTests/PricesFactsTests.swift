import OutlayCore
import OutlayWire
import Testing

/// Rules of single providers, as their price pages state them.
@Suite struct PricesFactsTests {
    struct Fact: Sendable, CustomTestStringConvertible {
        var rule: String
        var call: String
        var at = "2026-11-20T12:00:00Z"
        var context: [String: String] = [:]
        var usage: Usage
        /// `nil`: unpriced.
        var dollars: String?

        var testDescription: String { rule }
    }

    static let million: Usage = [.input: 1_000_000]
    static let thousand: Usage = [.input: 1000]

    @Test(arguments: openAI + anthropic + google + others)
    func `a published rule of one provider holds`(fact: Fact) throws {
        let names = fact.call.split(separator: " ").map(String.init)
        var context = RatingContext()
        for field in RatingContext.fields { context[keyPath: field.path] = fact.context[field.name] }
        let rating = ShippedBook.book.rate(
            [UsagePart(usage: fact.usage)],
            provider: names[0],
            api: "chat.completions",
            model: names[1],
            at: try #require(Timestamp(rfc3339: fact.at)),
            context: context
        )

        #expect(rating.total?.description == fact.dollars)
        #expect(rating.state == (fact.dollars == nil ? .unpriced : .rated))
    }

    static let openAI = [
        Fact(rule: "gpt-5.6 is gpt-5.6-sol", call: "openai gpt-5.6", usage: thousand, dollars: "0.004"),
        Fact(
            rule: "a price cut holds from its day on",
            call: "openai gpt-5.6-sol",
            at: "2026-08-20T23:59:59Z",
            usage: thousand,
            dollars: "0.005"
        ),
        Fact(
            rule: "twelve-hour writes cost 2.5 times input before the cut too",
            call: "openai gpt-5.6-sol",
            at: "2026-08-20T23:59:59Z",
            usage: [.cacheWrite12h: 1000],
            dollars: "0.0125"
        ),
        Fact(
            rule: "cached tokens in a batch without a cached rate bill at the batch input rate",
            call: "openai gpt-4.1",
            context: ["processing": "batch"],
            usage: [.input: 6000, .cacheRead: 4000, .output: 1000],
            dollars: "0.014"
        ),
        Fact(
            rule: "the rounded batch cached rate is the published one",
            call: "openai gpt-5.4",
            context: ["processing": "batch"],
            usage: [.cacheRead: 1_000_000],
            dollars: "0.25"
        ),
        Fact(
            rule: "a tier nobody published is unpriced",
            call: "openai gpt-5.4-nano",
            context: ["service_tier": "priority"],
            usage: thousand
        ),
        Fact(
            rule: "the regional uplift is for the models that have one",
            call: "openai gpt-4o",
            context: ["data_residency": "eu"],
            usage: thousand,
            dollars: "0.0025"
        ),
        Fact(
            rule: "scale tier is paid by capacity",
            call: "openai gpt-4o",
            context: ["service_tier": "scale"],
            usage: thousand,
            dollars: "0"
        ),
        Fact(
            rule: "preview searches of non-reasoning models cost 25 dollars per thousand",
            call: "openai gpt-4o",
            usage: [UsageUnit("web_search_preview"): 2],
            dollars: "0.05"
        ),
        Fact(
            rule: "a container costs three cents",
            call: "openai gpt-5",
            usage: [UsageUnit("container"): 1],
            dollars: "0.03"
        ),
        Fact(rule: "a model nobody published is unpriced", call: "openai gpt-6.2-astra", usage: thousand),
        Fact(
            rule: "a whole hour of speech costs its hourly rate",
            call: "openai whisper-1",
            usage: [.audioSeconds: 3_600_000],
            dollars: "0.36"
        ),
        Fact(
            rule: "a regional Azure deployment costs a tenth more",
            call: "azure gpt-4o",
            context: ["deployment_type": "Standard"],
            usage: thousand,
            dollars: "0.00275"
        ),
        Fact(
            rule: "a global Azure batch is a batch",
            call: "azure gpt-5-mini",
            context: ["deployment_type": "GlobalBatch"],
            usage: million,
            dollars: "0.125"
        ),
        Fact(
            rule: "provisioned Azure capacity costs nothing more per call",
            call: "azure gpt-4o",
            context: ["deployment_type": "GlobalProvisionedManaged"],
            usage: thousand,
            dollars: "0"
        ),
    ]

    static let anthropic = [
        Fact(
            rule: "the long-context premium was dropped on 2026-03-13",
            call: "anthropic claude-sonnet-4-6",
            at: "2026-03-12T12:00:00Z",
            usage: [.input: 250_000, .output: 1000],
            dollars: "1.5225"
        ),
        Fact(
            rule: "priority is committed capacity",
            call: "anthropic claude-opus-5-5",
            context: ["service_tier": "priority"],
            usage: thousand,
            dollars: "0"
        ),
        Fact(
            rule: "the tier of a batch is halved too",
            call: "anthropic claude-haiku-5-5",
            context: ["processing": "batch"],
            usage: [.input: 100_001],
            dollars: "0.02500025"
        ),
        Fact(
            rule: "a batch named as the service tier is a batch",
            call: "anthropic claude-opus-5-5",
            context: ["service_tier": "batch"],
            usage: thousand,
            dollars: "0.002"
        ),
        Fact(
            rule: "fast mode of Opus 4.8 ends on 2026-11-30",
            call: "anthropic claude-opus-4-8",
            at: "2026-11-30T00:00:00Z",
            context: ["speed": "fast"],
            usage: thousand
        ),
        Fact(
            rule: "inference in the US costs a tenth more from the 4.6 models on",
            call: "anthropic claude-fable-5-2",
            context: ["inference_geo": "us"],
            usage: thousand,
            dollars: "0.0088"
        ),
        Fact(
            rule: "older models know no geography",
            call: "anthropic claude-haiku-4-5",
            context: ["inference_geo": "us"],
            usage: thousand,
            dollars: "0.001"
        ),
        Fact(
            rule: "fetched pages are free",
            call: "anthropic claude-opus-5",
            usage: [UsageUnit("web_fetch"): 9],
            dollars: "0"
        ),
    ]

    static let google = [
        Fact(
            rule: "priority follows a scheduled price",
            call: "google gemini-4-argon",
            at: "2026-12-01T00:00:00Z",
            context: ["service_tier": "priority"],
            usage: million,
            dollars: "7.2"
        ),
        Fact(
            rule: "cached tokens keep their standard rate in a batch",
            call: "google gemini-3.1-pro-preview",
            context: ["processing": "batch"],
            usage: [.cacheRead: 100_000],
            dollars: "0.02"
        ),
        Fact(
            rule: "the long-context tier holds in a batch, cached tokens at the standard rate",
            call: "google gemini-2.5-pro",
            context: ["processing": "batch"],
            usage: [.input: 100_000, .cacheRead: 100_001],
            dollars: "0.15000025"
        ),
        Fact(
            rule: "a Vertex region costs a tenth more",
            call: "google gemini-3.8-flash",
            context: ["region": "europe-west4"],
            usage: million,
            dollars: "0.825"
        ),
        Fact(
            rule: "provisioned throughput costs nothing more per call",
            call: "google gemini-2.5-flash",
            context: ["service_tier": "PROVISIONED_THROUGHPUT"],
            usage: thousand,
            dollars: "0"
        ),
        Fact(
            rule: "speech models are not the chat model",
            call: "google gemini-3.8-flash-tts",
            usage: million,
            dollars: "0.5"
        ),
        Fact(
            rule: "a preview of speech is not the chat model",
            call: "google gemini-3.8-flash-preview-tts",
            usage: million
        ),
        Fact(
            rule: "searches of Gemini 2 cost 35 dollars per thousand",
            call: "google models/gemini-2.5-flash",
            usage: [.webSearch: 1],
            dollars: "0.035"
        ),
    ]

    static let others = [
        Fact(
            rule: "a short clip is billed as ten seconds",
            call: "groq whisper-large-v3",
            usage: [.audioSeconds: 3200],
            dollars: "0.000308333333"
        ),
        Fact(
            rule: "a prompt of exactly 200,000 tokens is long for xAI",
            call: "xai grok-4.7",
            usage: [.input: 200_000],
            dollars: "0.8"
        ),
        Fact(rule: "one token less is not", call: "xai grok-4.7", usage: [.input: 199_999], dollars: "0.399998"),
        Fact(
            rule: "a retired name is served by a newer model at its price",
            call: "xai grok-4-1-fast-reasoning",
            usage: million,
            dollars: "2.5"
        ),
        Fact(
            rule: "before it was retired it had its own",
            call: "xai grok-4-1-fast-reasoning",
            at: "2026-05-14T23:00:00Z",
            usage: million,
            dollars: "0.2"
        ),
        Fact(
            rule: "peak hours began on 2026-08-17, at first at weekends too",
            call: "deepseek deepseek-v4-pro",
            at: "2026-08-22T02:00:00Z",
            usage: million,
            dollars: "1.32"
        ),
        Fact(
            rule: "weekends are off-peak",
            call: "deepseek deepseek-v4-pro",
            at: "2026-11-21T02:00:00Z",
            usage: million,
            dollars: "0.66"
        ),
        Fact(
            rule: "before peak hours the price was flat",
            call: "deepseek deepseek-v4-pro",
            at: "2026-08-14T02:00:00Z",
            usage: million,
            dollars: "0.435"
        ),
        Fact(
            rule: "an unchanged name can be served by another model",
            call: "mistral mistral-small-latest",
            usage: million,
            dollars: "0.15"
        ),
        Fact(
            rule: "mistral-large-4 had a second price for nine days",
            call: "mistral mistral-large-4",
            at: "2026-10-28T00:00:00Z",
            usage: million,
            dollars: "1.36"
        ),
        Fact(
            rule: "a geographic profile costs a tenth more than the global one",
            call: "aws us.anthropic.claude-sonnet-5-5-v1:0",
            usage: million,
            dollars: "2.2"
        ),
        Fact(
            rule: "an ARN names the profile in it",
            call: "aws arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-5-5-v1:0",
            usage: million,
            dollars: "4.4"
        ),
        Fact(
            rule: "one name of two providers is two models",
            call: "together openai/gpt-oss-120b",
            usage: million,
            dollars: "0.15"
        ),
        Fact(
            rule: "an unknown upstream does not guess between them",
            call: "openai-compatible openai/gpt-oss-120b",
            usage: million
        ),
        Fact(
            rule: "an unknown upstream with OpenAI's model has its price",
            call: "openai-compatible gpt-6.1-sol",
            usage: [.input: 176, .cacheRead: 1024, .output: 40],
            dollars: "0.0008544"
        ),
    ]
}
