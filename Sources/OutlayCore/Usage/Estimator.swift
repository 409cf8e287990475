/// How many characters of text one token stands for, in thousandths.
///
/// Learned from answers that report both; whole numbers, so the same calls always teach the same ratio.
package struct CharactersPerToken: Hashable, Sendable {
    /// Thousandths of a character: 4000 is four characters a token.
    package private(set) var thousandths: Int64

    /// What is assumed of a model nobody has seen: four characters a token, right within a fifth for most text.
    package static let standard = CharactersPerToken(thousandths: 4000)

    /// Nothing outside these is text: half a character to twelve.
    private static let range: ClosedRange<Int64> = 500...12_000
    /// One answer moves the ratio by this share of the difference.
    private static let weight: Int64 = 16
    /// Answers shorter than this teach nothing.
    private static let tokensMin: Int64 = 20

    package init(thousandths: Int64) {
        self.thousandths = min(max(thousandths, Self.range.lowerBound), Self.range.upperBound)
    }

    /// The tokens that `characters` make, rounded up; never fewer than 0.
    package func tokens(in characters: Int) -> Int64 {
        guard characters > 0 else { return 0 }
        let scaled = Int64(min(characters, 1 << 40)) * 1000
        return (scaled + thousandths - 1) / thousandths
    }

    /// Learns from an answer of `characters` that was reported as `tokens`.
    ///
    /// A moving average: 15 parts of what was known, one part of what was seen.
    package mutating func learn(characters: Int, tokens: Int64) {
        guard tokens >= Self.tokensMin, characters > 0 else { return }
        let seen = Self(thousandths: Int64(min(characters, 1 << 40)) * 1000 / tokens)
        let known = self
        thousandths += (seen.thousandths - known.thousandths) / Self.weight
    }

    /// The method as it stands on an event: `characters/4`, `characters/3.7`.
    package var method: String {
        let tenths = (thousandths + 50) / 100
        return tenths % 10 == 0 ? "characters/\(tenths / 10)" : "characters/\(tenths / 10).\(tenths % 10)"
    }
}

/// The ratios learned so far, one for each provider's model.
package struct Estimator: Hashable, Sendable {
    /// How many models are remembered; models beyond are estimated by the standard ratio.
    package static let modelsMax = 1024

    private struct Key: Hashable, Sendable {
        var provider: String
        var model: String
    }

    private var ratios: [Key: CharactersPerToken] = [:]

    package init() {}

    package func ratio(provider: String, model: String?) -> CharactersPerToken {
        model.flatMap { ratios[Key(provider: provider, model: $0)] } ?? .standard
    }

    /// Learns from one complete answer: its visible characters and the tokens the provider counted for them.
    ///
    /// Tokens of hidden reasoning must not be in `tokens`; such answers teach nothing and are left out.
    package mutating func learn(provider: String, model: String?, characters: Int, tokens: Int64) {
        guard let model else { return }
        let key = Key(provider: provider, model: model)
        let known = ratios[key]
        guard known != nil || ratios.count < Self.modelsMax else { return }
        var ratio = known ?? .standard
        ratio.learn(characters: characters, tokens: tokens)
        if ratio != known { ratios[key] = ratio }
    }
}
