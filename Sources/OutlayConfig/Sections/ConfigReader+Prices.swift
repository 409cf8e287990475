internal import OutlayCore

extension ConfigReader {
    mutating func readTool(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        let perCall = fields.required("per_call", ValueText.money)
        fields.finish()
        guard let name else { return }
        define("tool", name, at: fields.place)
        if let perCall { resources.tools.append(ToolPrice(name: name, perCall: perCall)) }
    }

    /// `{ provider, model, from, per_million … }`; without `from` the price has always held.
    mutating func readPrice(_ fields: Fields) {
        let provider = fields.required("provider", ValueText.name)
        let model = fields.required("model", ValueText.name)
        let from = fields.value("from", ValueText.instant) ?? Timestamp(seconds: 0)
        let rates = readRates(fields)
        if !RateTable.all.contains(where: { fields.node($0.key) != nil }) {
            let tables = Suggestion.listing(RateTable.all.map(\.key))
            log.error("\(fields.subject) needs a table of rates: \(tables)", at: fields.place)
        }
        fields.finish()
        guard let provider, let model else { return }
        define("price", "\(provider)/\(model) from \(from)", at: fields.place)
        resources.prices.append(OwnPrice(provider: provider, model: model, from: from, rates: rates))
    }

    /// `{ name, provider, models, from, to }` and one of `percent`, `volume` and own rates.
    mutating func readDiscount(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        let provider = fields.required("provider", ValueText.name)
        let models = fields.texts("models").map(\.text)
        let from = fields.value("from", ValueText.instant) ?? Timestamp(seconds: 0)
        let to = fields.value("to", ValueText.instant)
        checkOrder(from, to, fields)
        let terms = readTerms(fields, periodEnd: to)
        fields.finish()
        guard let name, let provider else { return }
        define("discount", name, at: fields.place)
        guard let terms else { return }
        resources.discounts.append(
            Discount(
                name: name,
                provider: provider,
                models: models.isEmpty ? ["*"] : models,
                from: from,
                to: to,
                terms: terms
            )
        )
    }

    private func readTerms(_ fields: Fields, periodEnd: Timestamp?) -> Discount.Terms? {
        let percent = fields.value("percent", ValueText.percent)
        let rates = readRates(fields)
        let volume = fields.node("volume").flatMap { Fields($0, "volume of \(fields.subject)", log) }
        let written = (["percent", "volume"] + RateTable.all.map(\.key)).filter { fields.node($0) != nil }
        let isRates = written.contains { $0 != "percent" && $0 != "volume" }
        let kinds = [written.contains("percent"), written.contains("volume"), isRates].count(where: \.self)
        guard kinds == 1 else {
            log.error(
                "\(fields.subject) needs exactly one of 'percent', 'volume' and a table of rates",
                at: fields.place
            )
            return nil
        }
        if let volume { return readVolume(volume, fields, periodEnd) }
        if let percent { return .percent(numerator: percent.numerator, denominator: percent.denominator) }
        return rates.isEmpty ? nil : .rates(rates)
    }

    /// `{ marginal, steps: [{ above, percent }] }` over the contract period, which needs an end.
    private func readVolume(_ volume: Fields, _ fields: Fields, _ periodEnd: Timestamp?) -> Discount.Terms? {
        let isMarginal = volume.required("marginal", ValueText.flag)
        var steps: [Discount.VolumeStep] = []
        if volume.node("steps") == nil { log.error("\(volume.subject) needs 'steps'", at: volume.place) }
        if let list = volume.node("steps") {
            for node in volume.list(list, "'steps' of \(volume.subject)") { readStep(node, fields, &steps) }
        }
        volume.finish()
        guard let periodEnd else {
            log.error("\(fields.subject) needs 'to', the end of its contract period", at: fields.place)
            return nil
        }
        guard let isMarginal, !steps.isEmpty else { return nil }
        return .volume(steps: steps, isMarginal: isMarginal, periodEnd: periodEnd)
    }

    private func readStep(_ node: ConfigNode, _ fields: Fields, _ steps: inout [Discount.VolumeStep]) {
        guard let step = Fields(node, "step of \(fields.subject)", log) else { return }
        let above = step.required("above", ValueText.money)
        let percent = step.required("percent", ValueText.percent)
        step.finish()
        guard let above, let percent else { return }
        if let last = steps.last, above <= last.above {
            log.error("'above' of \(step.subject) is not more than the step before", at: step.place(of: "above"))
        }
        steps.append(
            Discount.VolumeStep(
                above: above,
                percentNumerator: percent.numerator,
                percentDenominator: percent.denominator
            )
        )
    }

    /// Reads how long single events are kept.
    ///
    /// `retention: { events: 400 days }`
    mutating func readRetention(_ node: ConfigNode) {
        guard let fields = Fields(node, "retention", log) else { return }
        if fields.node("events") != nil { define("retention", "events", at: fields.place(of: "events")) }
        if let days = fields.value("events", ValueText.days) { resources.retention.eventDays = days }
        fields.finish()
    }
}
