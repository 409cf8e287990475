/// A verdict and, for each policy and rule, why it did or did not apply.
package struct PolicyExplanation: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package var policy: String
        /// The rule in a few words; empty where the policy is about other calls.
        package var rule: String
        package var applies: Bool
        package var reason: String
    }

    package let verdict: PolicyVerdict
    /// In the order of policies and rules.
    package let lines: [Line]

    static func lines(
        of policy: Policy,
        _ compiled: CompiledPolicy,
        _ facts: inout PolicyFacts,
        _ subject: PolicySubject,
        _ dimensions: [Dimension]
    ) -> [Line] {
        let words = FactWords(facts: facts, zone: policy.zone, dimensions: dimensions)
        guard compiled.isAbout(facts) else {
            let values = words.text(policy.scope.dimensions, [], compiled.zone)
            return [
                Line(policy: policy.name, rule: "", applies: false, reason: "is about \(policy.scope), and \(values)")
            ]
        }
        var setters = compiled.setters[...]
        var judges = compiled.judges[...]
        return policy.rules.compactMap { rule in
            guard let own = rule.isSetter ? setters.popFirst() : judges.popFirst() else { return nil }
            let answer = own.test.applies(&facts, zone: compiled.zone)
            return Line(
                policy: policy.name,
                rule: rule.title,
                applies: rule.isSetter ? answer == true : answer != false,
                reason: words.reason(rule, own, subject, compiled.zone)
                    + (answer == nil && !rule.isSetter ? ", which counts as met" : "")
            )
        }
    }
}

extension PolicyExplanation: CustomStringConvertible {
    /// One line per rule: `applies          cost-tags: require team: team is absent`.
    package var description: String {
        lines.map { line in
            let name = line.rule.isEmpty ? line.policy : "\(line.policy): \(line.rule)"
            return "\(line.applies ? "applies         " : "does not apply  ") \(name): \(line.reason)"
        }.joined(separator: "\n")
    }
}

/// Says what a call answers, in words.
private struct FactWords {
    var facts: PolicyFacts
    let zone: String
    let dimensions: [Dimension]

    func reason(_ rule: PolicyRule, _ compiled: CompiledRule, _ subject: PolicySubject, _ zone: Int) -> String {
        var reason =
            switch rule.test {
            case .require(let tags): text(tags, [], zone)
            case .allow(let dimension, _): text([dimension], [], zone)
            case .when(let condition): text(condition.dimensions, condition.quantities, zone)
            case .always: "every call"
            }
        let locked = compiled.tags.map(\.dimension).filter(subject.locks)
        if !locked.isEmpty {
            reason += "; \(locked.map(\.name).joined(separator: " and ")) is locked by the key"
        }
        return reason
    }

    /// `team is 'growth', cost_center is absent, hour is 14 (Europe/Berlin)`.
    func text(_ tags: [Dimension], _ quantities: [PolicyQuantity], _ zone: Int) -> String {
        var facts = facts
        let values = tags.map { tag in
            let value = dimensions.firstIndex(of: tag).map { facts.value($0) } ?? ""
            return value.isEmpty ? "\(tag) is absent" : "\(tag) is '\(value)'"
        }
        let measures = quantities.map { quantity in
            guard let value = facts.quantity(quantity, zone: zone) else { return "\(quantity.rawValue) is not known" }
            let place = quantity.canBeUnknown ? "" : " (\(self.zone))"
            return "\(quantity.rawValue) is \(quantity.text(value))\(place)"
        }
        return values.isEmpty && measures.isEmpty ? "a constant" : (values + measures).joined(separator: ", ")
    }
}
