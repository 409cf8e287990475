internal import OutlayCore

extension ConfigReader {
    /// Reads `at`, or `thresholds` in the shape `[{ at, action, message }]`.
    ///
    /// - Parameter soft: in what way the budget was said to be soft; `nil` where it was not.
    /// - Returns: `nil` when neither is there.
    func readThresholds(_ fields: Fields, soft: String?) -> [Threshold]? {
        let nodes = [("at", fields.node("at")), ("thresholds", fields.node("thresholds"))]
        let written = nodes.compactMap { key, node in node.map { (key: key, node: $0) } }
        guard let first = written.first else { return nil }
        if let other = written.dropFirst().first {
            log.error("\(fields.subject) has both 'at' and 'thresholds'; keep one", at: other.node.place)
        }
        let entries = fields.list(first.node, "'\(first.key)' of \(fields.subject)")
            .compactMap { Fields($0, "threshold of \(fields.subject)", log) }
        if entries.count > ThresholdSet.countMax {
            log.error("\(fields.subject) has more than \(ThresholdSet.countMax) thresholds", at: first.node.place)
        }
        let isInParts = entries.contains { entry in
            ["percent", "at"].contains { key in
                if case .text(let text) = entry.node(key)?.content { ValueText.isPart(text) } else { false }
            }
        }
        return entries.compactMap { readThreshold($0, isInParts: isInParts, soft: soft) }
    }

    /// Reads one threshold: `{ percent, on, severity, do, message }`.
    private func readThreshold(_ fields: Fields, isInParts: Bool, soft: String?) -> Threshold? {
        let percents = ["percent", "at"].compactMap { key in
            fields.value(key, ValueText.thresholdPercent(isInParts: isInParts))
        }
        let basis = fields.value("on", ValueText.choice(Threshold.Basis.self)) ?? .actual
        let severity = fields.value("severity", ValueText.choice(Threshold.Severity.self))
        let actions = readActions(fields)
        let message = fields.value("message", ValueText.message)
        fields.finish()
        if !fields.has("percent"), !fields.has("at") {
            log.error("\(fields.subject) needs 'percent'", at: fields.place)
        }
        if fields.has("percent"), fields.has("at") {
            log.error("\(fields.subject) has both 'percent' and 'at'; keep one", at: fields.place(of: "at"))
        }
        guard let percent = percents.first else { return nil }
        if let soft, actions.contains(.block) {
            log.warn(
                "\(fields.subject) is \(soft), but blocks: from \(percent) % on it stops these calls too",
                at: fields.place
            )
        }
        return Threshold(percent: percent, basis: basis, severity: severity, actions: actions, message: message)
    }

    /// What `do`, `action` and `actions` list, each once; the owner is told where there is none of them.
    private func readActions(_ fields: Fields) -> [Threshold.Action] {
        let keys = ["do", "action", "actions"]
        var actions: [Threshold.Action] = []
        for key in keys {
            guard let node = fields.node(key) else { continue }
            let reader = ActionReader(log: log, subject: fields.subject)
            for action in reader.actions(node) where !actions.contains(action) { actions.append(action) }
        }
        return keys.contains(where: fields.has) ? actions : [.notify("owner")]
    }
}

/// Reads what is done at a threshold.
private struct ActionReader {
    let log: DiagnosticLog
    let subject: String

    private enum Word: String, CaseIterable {
        case notify, throttle, require_approval, block, suspend, downgrade
        case alert, notify_workspace_owner, notify_team_lead, human_approval_required
    }

    /// A word, a mapping with one entry for each action, or a list of these.
    func actions(_ node: ConfigNode) -> [Threshold.Action] {
        switch node.content {
        case .nothing: []
        case .text(let word): action(word, nil, at: node.place)
        case .mapping(let entries): entries.flatMap { action($0.key, $0.value, at: $0.keyPlace) }
        case .list(let items): items.flatMap(actions)
        }
    }

    private func action(_ text: String, _ value: ConfigNode?, at place: Place) -> [Threshold.Action] {
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue)
            let ending = Suggestion.ending(
                for: text,
                among: words,
                otherwise: "it can be \(Suggestion.listing(Array(words.prefix(6))))"
            )
            log.error("unknown action '\(Fields.shortened(text))' in \(subject)\(ending)", at: place)
            return []
        }
        switch word {
        case .notify:
            return value.map { texts($0, word, ValueText.name).map(Threshold.Action.notify) } ?? [.notify("owner")]
        case .throttle: return throttle(value, at: place)
        case .suspend: return suspend(value)
        case .downgrade: return downgrade(value, at: place)
        case .require_approval, .human_approval_required: return single(.requireApproval, value, word)
        case .block: return single(.block, value, word)
        case .alert, .notify_workspace_owner: return single(.notify("owner"), value, word)
        case .notify_team_lead: return single(.notify("lead"), value, word)
        }
    }

    private func single(_ action: Threshold.Action, _ value: ConfigNode?, _ word: Word) -> [Threshold.Action] {
        if let value { log.error("'\(word)' in \(subject) takes no value", at: value.place) }
        return [action]
    }

    private func throttle(_ value: ConfigNode?, at place: Place) -> [Threshold.Action] {
        guard let value else {
            log.error("'throttle' in \(subject) needs a rate; write it as 'throttle: 30/min'", at: place)
            return []
        }
        return texts(value, .throttle, ValueText.rate).map(Threshold.Action.throttle)
    }

    private func suspend(_ value: ConfigNode?) -> [Threshold.Action] {
        guard let value else { return [.suspend(.scope)] }
        return texts(value, .suspend, ValueText.choice(Threshold.SuspensionTarget.self)).map(Threshold.Action.suspend)
    }

    /// `gpt-5-mini`, `[gpt-5-mini, gpt-5-nano]`, or either for each model that is replaced.
    private func downgrade(_ value: ConfigNode?, at place: Place) -> [Threshold.Action] {
        var swaps: [ModelSwap] = []
        switch value?.content {
        case .mapping(let entries):
            for entry in entries {
                for model in texts(entry.value, .downgrade, ValueText.name) {
                    if model == entry.key {
                        log.error("\(subject) downgrades '\(model)' to itself", at: entry.value.place)
                    }
                    swaps.append(ModelSwap(from: entry.key, to: model))
                }
            }
        case .text, .list:
            swaps = value.map { texts($0, .downgrade, ValueText.name) }?.map { ModelSwap(to: $0) } ?? []
        case .nothing, nil:
            log.error("'downgrade' in \(subject) needs a model; write it as 'downgrade: gpt-5-mini'", at: place)
        }
        if let model = swaps.first(where: { $0.to.contains("*") })?.to {
            log.error("\(subject) downgrades to '\(model)'; name one model", at: place)
        }
        return swaps.isEmpty ? [] : [.downgrade(swaps)]
    }

    /// The values of `node`, a text or a list of texts.
    private func texts<Value>(
        _ node: ConfigNode,
        _ word: Word,
        _ reading: (String) throws(ValueProblem) -> Value
    ) -> [Value] {
        let items: [ConfigNode] = if case .list(let items) = node.content { items } else { [node] }
        return items.compactMap { item -> Value? in
            guard case .text(let text) = item.content else {
                log.error("'\(word)' in \(subject) needs single values, not \(item.kind)", at: item.place)
                return nil
            }
            do throws(ValueProblem) {
                return try reading(text)
            } catch {
                log.error("'\(word)' in \(subject): '\(Fields.shortened(text))' \(error.message)", at: item.place)
                return nil
            }
        }
    }
}
