internal import OutlayCore

extension ConfigReader {
    /// Reads how tokens are estimated where an answer has no usage.
    ///
    /// `estimates: [{ models, characters_per_token | tokenizer }]`
    func readEstimates(_ fields: Fields) -> [Upstream.Estimate] {
        guard let node = fields.node("estimates") else { return [] }
        return fields.list(node, "'estimates' of \(fields.subject)").compactMap { item in
            Fields(item, "estimate of \(fields.subject)", log).flatMap(readEstimate)
        }
    }

    private func readEstimate(_ fields: Fields) -> Upstream.Estimate? {
        let models = fields.texts("models").map { NamePattern($0.text) }
        let ratio = fields.value("characters_per_token", Self.charactersPerToken)
        let file = fields.value("tokenizer") { (text: String) throws(ValueProblem) in
            guard text.hasPrefix("file:"), text.utf8.count > 5 else {
                throw ValueProblem("is not where a vocabulary is; use file:PATH")
            }
            return FilePath.resolved(String(text.dropFirst(5)), besideFile: fields.place.file)
        }
        let written = ["characters_per_token", "tokenizer"].count { fields.node($0) != nil }
        fields.finish()
        guard written == 1 else {
            log.error("\(fields.subject) needs either 'characters_per_token' or 'tokenizer'", at: fields.place)
            return nil
        }
        guard
            let measure = ratio.map(Upstream.Estimate.Measure.charactersPerToken) ?? file.map({ .tokenizer(file: $0) })
        else { return nil }
        return Upstream.Estimate(models: models.isEmpty ? [NamePattern("*")] : models, measure: measure)
    }

    private static func charactersPerToken(_ text: String) throws(ValueProblem) -> CharactersPerToken {
        guard let value = DecimalText.parse(text[...], scale: 3), (500...12_000).contains(value),
            let thousandths = Int64(exactly: value)
        else { throw ValueProblem("is not a number of characters from 0.5 to 12, with at most 3 decimals") }
        return CharactersPerToken(thousandths: thousandths)
    }
}
