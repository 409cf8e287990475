import OutlayCore

/// What an emitter's counts hold: whether a prompt counts its cached tokens too, and an answer its reasoning.
struct TokenConvention: Hashable, Sendable {
    enum Cache: Hashable, Sendable {
        /// The prompt's count has the tokens of caches in it.
        case inclusive
        /// Tokens of caches are counted beside the prompt.
        case exclusive
        /// Nobody knows: decided from the counts.
        case unsaid
    }

    enum Reasoning: Hashable, Sendable {
        case inside, outside, unsaid
    }

    var cache: Cache
    var reasoning: Reasoning

    /// As OpenAI counts, and everybody who passes its numbers on.
    static let inclusive = TokenConvention(cache: .inclusive, reasoning: .inside)
    /// As Anthropic counts.
    static let exclusive = TokenConvention(cache: .exclusive, reasoning: .inside)
    /// As Google counts: thoughts stand beside the answer.
    static let google = TokenConvention(cache: .inclusive, reasoning: .outside)
    static let unsaid = TokenConvention(cache: .unsaid, reasoning: .unsaid)
}

/// The counts of one report, and how they become disjoint units.
struct ReportedTokens {
    var input: Int64?
    var output: Int64?
    var total: Int64?
    var cacheRead: Int64 = 0
    var cacheWrite: Int64 = 0
    var cacheWrite5m: Int64 = 0
    var cacheWrite1h: Int64 = 0
    var reasoning: Int64 = 0
    var toolPrompt: Int64 = 0
    var inputAudio: Int64 = 0
    var cacheReadAudio: Int64 = 0
    var outputAudio: Int64 = 0

    init(_ facts: Facts, numbers: inout FactNumbers) {
        input = numbers.count(facts[.input])
        output = numbers.count(facts[.output])
        total = numbers.count(facts[.total])
        cacheRead = numbers.count(facts[.cacheRead]) ?? 0
        cacheWrite = numbers.count(facts[.cacheWrite]) ?? 0
        cacheWrite5m = numbers.count(facts[.cacheWrite5m]) ?? 0
        cacheWrite1h = numbers.count(facts[.cacheWrite1h]) ?? 0
        reasoning = numbers.count(facts[.reasoning]) ?? 0
        toolPrompt = numbers.count(facts[.toolPrompt]) ?? 0
        inputAudio = numbers.count(facts[.inputAudio]) ?? 0
        cacheReadAudio = numbers.count(facts[.cacheReadAudio]) ?? 0
        outputAudio = numbers.count(facts[.outputAudio]) ?? 0
        if input == nil, let total, let output, total >= output { input = total - output }
    }

    /// Tokens written to a cache; those of known lifetimes are among them.
    private var written: Int64 { max(cacheWrite, cacheWrite5m + cacheWrite1h) }

    /// Every token under one unit.
    ///
    /// A prompt said to hold its cached tokens that is smaller than they are is taken as counted beside them, and
    /// flagged: clamping would lose tokens.
    ///
    /// - Parameter writeUnit: The unit of written tokens whose lifetime is not said.
    func usage(_ convention: TokenConvention, writeUnit: UsageUnit, numbers: inout FactNumbers) -> Usage {
        if cacheWrite > 0, cacheWrite < cacheWrite5m + cacheWrite1h { numbers.flag("inconsistent") }
        let cached = cacheRead + written
        var prompt = input ?? 0
        if isInclusive(convention.cache, cached: cached) {
            if prompt >= cached { prompt -= cached } else { numbers.flag("inconsistent") }
        }
        prompt += toolPrompt
        let answer = (output ?? 0) + (isReasoningOutside(convention.reasoning) ? reasoning : 0)
        let promptAudio = min(inputAudio - min(cacheReadAudio, inputAudio), prompt)
        let readAudio = min(cacheReadAudio, cacheRead)
        let answerAudio = min(outputAudio, answer)
        return writes(writeUnit)
            + [
                .input: prompt - promptAudio, .inputAudio: promptAudio, .cacheRead: cacheRead - readAudio,
                .cacheReadAudio: readAudio, .output: answer - answerAudio, .outputAudio: answerAudio,
            ]
    }

    private func isInclusive(_ cache: TokenConvention.Cache, cached: Int64) -> Bool {
        switch cache {
        case .inclusive: return true
        case .exclusive: return false
        case .unsaid:
            guard let input, cached <= input else { return false }
            let isSumOfAll = total == input + (output ?? 0) + cached
            return cached == 0 || !isSumOfAll
        }
    }

    private func isReasoningOutside(_ reasoning: TokenConvention.Reasoning) -> Bool {
        switch reasoning {
        case .inside: false
        case .outside: true
        case .unsaid: self.reasoning > 0 && total == (input ?? 0) + (output ?? 0) + self.reasoning
        }
    }

    /// The written tokens by lifetime; what is left of them has the one lifetime that was said, if only one was.
    private func writes(_ unsplit: UsageUnit) -> Usage {
        let rest = written - cacheWrite5m - cacheWrite1h
        let isSplit = cacheWrite5m > 0 || cacheWrite1h > 0
        return Usage([
            UnitCount(.cacheWrite5m, cacheWrite5m), UnitCount(.cacheWrite1h, cacheWrite1h),
            UnitCount(isSplit ? .cacheWrite5m : unsplit, rest),
        ])
    }
}
