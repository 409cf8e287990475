internal import OutlayCore

extension ConfigReader {
    /// `{ name, scopes, services, leads, input_includes_cache, attributes, events, sums, metrics }`.
    mutating func readEmitter(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        var emitter = EmitterSettings(
            name: name ?? "",
            scopes: fields.texts("scopes").map(\.text),
            services: fields.texts("services").map(\.text)
        )
        if emitter.scopes.isEmpty, emitter.services.isEmpty {
            log.error(
                "\(fields.subject) needs 'scopes' or 'services', by which its telemetry is known",
                at: fields.place
            )
        }
        emitter.leading = fields.value("leads", ValueText.choice(EmitterSettings.Leading.self)) ?? .span
        emitter.inputIncludesCache = fields.value("input_includes_cache", ValueText.flag)
        emitter.attributes = emitterAttributes(fields)
        emitter.events = fields.texts("events").map(\.text)
        emitter.sums = fields.texts("sums").map(\.text)
        if let metrics = fields.node("metrics") {
            for node in fields.list(metrics, "'metrics' of \(fields.subject)") {
                guard let metric = Fields(node, "metric", log).flatMap(emitterMetric) else { continue }
                emitter.metrics.append(metric)
            }
        }
        fields.finish()
        guard let name else { return }
        define("emitter", name, at: fields.place)
        resources.emitters.append(emitter)
    }

    /// `input: tokens.in`, or several names, the one that counts first.
    private func emitterAttributes(_ fields: Fields) -> [EmitterSettings.Word: [String]] {
        guard let node = fields.node("attributes"), let words = Fields(node, "'attributes' of \(fields.subject)", log)
        else { return [:] }
        var attributes: [EmitterSettings.Word: [String]] = [:]
        for word in EmitterSettings.Word.allCases {
            let names = words.texts(word.rawValue).map(\.text)
            if !names.isEmpty { attributes[word] = names }
        }
        words.finish()
        return attributes
    }

    /// `{ name, counts: cost }`, or `{ name, type: kind, counts: { in: input, out: output } }`.
    private func emitterMetric(_ fields: Fields) -> EmitterSettings.Metric? {
        let name = fields.required("name", ValueText.name)
        let type = fields.text("type")
        let reading = ValueText.choice(EmitterSettings.Counted.self)
        var counts: [String: EmitterSettings.Counted] = [:]
        if type == nil {
            counts[""] = fields.required("counts", reading)
        } else {
            for entry in fields.textMapping("counts") {
                counts[entry.key] = fields.read(entry.text, at: entry.place, "counts", reading)
            }
            if !fields.has("counts") { log.error("\(fields.subject) needs 'counts'", at: fields.place) }
        }
        fields.finish()
        return name.map { EmitterSettings.Metric(name: $0, typeAttribute: type, counts: counts) }
    }
}
