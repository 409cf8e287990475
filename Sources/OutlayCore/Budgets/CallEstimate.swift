/// The most a call can take, judged before it is made: what budgets set aside for it.
///
/// The prompt is estimated from its characters by the ratio learned for its model, with a margin; the answer is as
/// long as the caller allows, or as the model can make it. What no one can bound before (searches a model decides on)
/// is not in it, and shows as an overrun.
package struct CallEstimate: Hashable, Sendable {
    package var api: String
    /// Characters of text in the prompt.
    package var promptCharacters: Int
    package var ratio: CharactersPerToken
    /// Bytes of the whole body: what is beyond text are pictures, sound and files.
    package var bodyBytes: Int
    /// The most output tokens the caller allows; `nil` where it does not say.
    package var maxOutputTokens: Int?
    /// How many answers are asked for (`n`, `candidateCount`).
    package var choices: Int
    /// Characters of a speech request.
    package var speechCharacters: Int

    package init(api: String, promptCharacters: Int, ratio: CharactersPerToken) {
        self.api = api
        self.promptCharacters = promptCharacters
        self.ratio = ratio
        bodyBytes = 0
        choices = 1
        speechCharacters = 0
    }

    /// Where a model's own maximum is not known.
    package static let maxOutputDefault: Int64 = 131_072
    /// Tokens of the largest picture that is made today (1536 × 1024, high quality, 6,208).
    static let imageTokens: Int64 = 6_300

    /// The most the prompt has: a quarter more than the ratio says, and a token for 64 bytes of what is no text.
    package var promptTokens: Int64 {
        let text = ratio.tokens(in: promptCharacters)
        let media = max(0, Int64(bodyBytes) - 4 * Int64(promptCharacters) - 16_384) / 64
        return text + text / 4 + 16 + media
    }

    /// The most the answer has, where the model can make `modelMax` tokens.
    package func outputTokens(modelMax: Int64?) -> Int64 {
        let most = modelMax ?? Self.maxOutputDefault
        let asked = maxOutputTokens.map { min(Int64($0), most) } ?? most
        return max(0, asked) * Int64(min(max(choices, 1), 128))
    }

    private enum Answer {
        case text, nothing, images, speech, transcript
    }

    private var answer: Answer {
        switch api {
        case "embeddings", "rerank", "embed", "embedContent": .nothing
        case "images": .images
        case "audio.speech": .speech
        case "audio.transcriptions", "audio.translations": .transcript
        default: .text
        }
    }

    /// The units a call of this kind may take most of, given the rates of its model.
    package func usage(rates: [UsageUnit: Rate], modelMax: Int64?) -> Usage {
        let prompt = Self.dearest(rates, or: .input) { $0.isPromptToken && !$0.name.hasPrefix("cache_read") }
        var counts = [UnitCount(prompt, promptTokens)]
        switch answer {
        case .nothing: break
        case .text:
            let output = Self.dearest(rates, or: .output) { $0.isToken && !$0.isPromptToken }
            counts.append(UnitCount(output, outputTokens(modelMax: modelMax)))
        case .images:
            let output = rates[.outputImage] != nil ? UsageUnit.outputImage : .output
            counts.append(UnitCount(output, Self.imageTokens * Int64(min(max(choices, 1), 128))))
        case .speech:
            counts = [UnitCount(.inputCharacters, Int64(speechCharacters))]
            if rates[.inputCharacters] == nil {
                let characters = Int64(speechCharacters)
                counts = [UnitCount(.input, characters), UnitCount(.outputAudio, 4 * characters)]
            }
        case .transcript:
            // Sound has at least a kilobyte a second; durations count in milliseconds.
            counts = [UnitCount(.audioSeconds, Int64(bodyBytes))]
            if rates[.audioSeconds] == nil {
                let tokens = Int64(bodyBytes) / 25
                counts = [UnitCount(.inputAudio, tokens), UnitCount(.output, max(1024, tokens / 4))]
            }
        }
        return Usage(counts)
    }

    /// The unit among those wanted whose rate is the highest; `standard` where none has one.
    private static func dearest(
        _ rates: [UsageUnit: Rate],
        or standard: UsageUnit,
        where isWanted: (UsageUnit) -> Bool
    ) -> UsageUnit {
        var best = (unit: standard, million: rates[standard]?.million ?? .zero)
        for (unit, rate) in rates where isWanted(unit) && rate.million > best.million { best = (unit, rate.million) }
        return best.unit
    }
}

extension Rate {
    fileprivate var million: Money { cost(of: 1_000_000) }
}

extension PriceBook {
    /// The most `estimate` can cost for a call of `service`.
    ///
    /// A model without a price is taken for the provider's dearest.
    ///
    /// - Returns: `nil` when the book has no price that could be taken.
    package func most(_ estimate: CallEstimate, service: ServiceUse, at time: Timestamp) -> Consumption? {
        let named = service.model ?? service.requestedModel
        let known = named.flatMap { entry(for: $0, of: service.provider, at: time) }
        guard let model = known ?? dearest(of: service.provider, at: time) else { return nil }
        let rates = model.price(at: time)?.standard.rates ?? [:]
        let usage = estimate.usage(rates: rates, modelMax: model.maxOutputTokens)
        let asked = rate(
            [UsagePart(usage: usage)],
            provider: known == nil ? model.provider : service.provider,
            api: service.api,
            model: known == nil ? model.name : named,
            at: time,
            context: service.context
        )
        let cost = asked.total ?? standardCost(usage, of: model, api: service.api, at: time)
        return Consumption(cost: cost, counts: usage.counts)
    }

    /// For a tier that the book has no price of: what the plain one would cost.
    private func standardCost(_ usage: Usage, of model: BookModel, api: String, at time: Timestamp) -> Money {
        let parts = [UsagePart(usage: usage)]
        let context = RatingContext()
        return rate(parts, provider: model.provider, api: api, model: model.name, at: time, context: context).total
            ?? .leastUnknown
    }

    /// The provider's model with the highest rates for text; for a provider nobody knows, the dearest of all.
    func dearest(of provider: String, at time: Timestamp) -> BookModel? {
        let names = contents.providers.first { $0.name == provider || $0.aliases.contains(provider) }
        let makers = [names?.name, names?.like].compactMap(\.self)
        let own = contents.models.filter { makers.contains($0.provider) }
        return (own.isEmpty ? contents.models : own).max { $0.textRate(at: time) < $1.textRate(at: time) }
    }
}

extension Money {
    /// What is set aside for a call whose cost nobody can say: something, so that no spent budget pays for it.
    package static let leastUnknown = Money(picodollars: 1)
}

extension BookModel {
    fileprivate func textRate(at time: Timestamp) -> Money {
        let rates = price(at: time)?.standard.rates ?? [:]
        return (rates[.input]?.million ?? .zero) + (rates[.output]?.million ?? .zero)
    }
}
