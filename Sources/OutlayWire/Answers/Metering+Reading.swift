package import OutlayCore

extension Metering {
    /// What a forwarded call consumed, from what its answer said and, where it did not say, by estimate.
    ///
    /// - Whole usage is exact. Usage of a stream that broke off keeps its prompt and has its output estimated, if
    ///   that is more than what was reported so far.
    /// - An error without usage is unbilled, unless output had begun.
    /// - An answer without usage is estimated from its own and the prompt's characters; with neither it is
    ///   unmetered. Nothing is ever a silent zero.
    ///
    /// - Parameters:
    ///   - reading: What the answer said.
    ///   - peek: What was asked, whose text is the prompt.
    ///   - isSuccess: Whether the status was 2xx: the answer began.
    ///   - ratio: Characters per token of the model.
    ///   - prompt: The prompt's tokens where a tokenizer is configured; it counts instead of the ratio then.
    package init(
        of reading: AnswerReading,
        peek: RequestPeek,
        isSuccess: Bool,
        ratio: CharactersPerToken,
        prompt: PromptTokens? = nil
    ) {
        self.init(quality: .exact, flags: reading.flags, raw: reading.raw)
        if reading.hasUsage {
            parts = reading.parts
            if reading.isOutputPartial {
                let counted = prompt == nil ? nil : reading.outputTokens
                method = counted == nil ? ratio.method : prompt?.tokenizer.method
                raiseOutput(to: counted ?? ratio.tokens(in: reading.outputCharacters))
            }
        } else if !isSuccess || (reading.isError && reading.outputCharacters == 0) {
            quality = .unbilled
        } else if reading.flags.contains("pending") {
            quality = .unmetered
        } else {
            estimate(prompt: peek.promptCharacters, output: reading.outputCharacters, by: ratio)
            if let prompt { count(prompt, output: reading.outputTokens) }
        }
    }

    /// A call whose answer nobody read to its end, by the characters that were seen.
    package static func estimated(
        prompt: Int,
        output: Int,
        ratio: CharactersPerToken,
        tokens: PromptTokens? = nil
    ) -> Metering {
        var metering = Metering(quality: .estimated)
        metering.estimate(prompt: prompt, output: output, by: ratio)
        if let tokens { metering.count(tokens, output: 0) }
        return metering
    }

    /// Puts counted tokens in the place of an estimate by characters.
    private mutating func count(_ prompt: PromptTokens, output: Int64?) {
        guard quality == .estimated, let output, let input = prompt.count() else { return }
        method = prompt.tokenizer.method
        parts = [UsagePart(usage: [.input: input, .output: output])]
    }

    private mutating func estimate(prompt: Int, output: Int, by ratio: CharactersPerToken) {
        guard prompt > 0 || output > 0 else {
            quality = .unmetered
            return
        }
        quality = .estimated
        method = ratio.method
        parts = [UsagePart(usage: [.input: ratio.tokens(in: prompt), .output: ratio.tokens(in: output)])]
    }

    private mutating func raiseOutput(to tokens: Int64) {
        quality = .estimated
        guard let main = parts.firstIndex(where: { $0.label == nil }) else { return }
        parts[main].usage[.output] = max(parts[main].usage[.output], tokens)
    }
}
