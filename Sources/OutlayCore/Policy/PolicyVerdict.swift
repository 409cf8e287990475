/// What policies are asked about: a call, before a single token is sent.
package struct PolicySubject: Sendable {
    package var call: CallSubject
    package var at: Timestamp
    /// `nil` where the model has no price.
    package var estimatedCost: Money?
    package var promptTokens: Int64?
    /// `nil` where the call sets no bound.
    package var maxOutputTokens: Int64?

    package init(
        call: CallSubject,
        at: Timestamp,
        estimatedCost: Money? = nil,
        promptTokens: Int64? = nil,
        maxOutputTokens: Int64? = nil
    ) {
        self.call = call
        self.at = at
        self.estimatedCost = estimatedCost
        self.promptTokens = promptTokens
        self.maxOutputTokens = maxOutputTokens
    }
}

/// What all policies together say of a call.
package struct PolicyVerdict: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case allow
        case deny
        case requireApproval = "require_approval"
    }

    /// Every rule that applied and did not only set tags, in the order of policies and rules.
    package var findings: [PolicyFinding]
    /// The tags that policies set; the last one of a dimension counts.
    package var tags: [PolicyTag]

    package static let allow = PolicyVerdict()

    package init(findings: [PolicyFinding] = [], tags: [PolicyTag] = []) {
        self.findings = findings
        self.tags = tags
    }

    /// Denial beats approval, which beats warnings; all policies are asked.
    package var outcome: Outcome {
        var outcome = Outcome.allow
        for finding in findings {
            if finding.effect == .deny { return .deny }
            if finding.effect == .requireApproval { outcome = .requireApproval }
        }
        return outcome
    }

    /// The rule that decided, the first of its kind; `nil` for a call that is allowed.
    package var decision: PolicyFinding? {
        switch outcome {
        case .allow: nil
        case .deny: findings.first { $0.effect == .deny }
        case .requireApproval: findings.first { $0.effect == .requireApproval }
        }
    }

    /// What the caller should know although the call goes on.
    package var warnings: [PolicyFinding] { findings.filter { $0.effect == .warn } }

    /// What would have happened if the policy were enforced.
    package var shadows: [PolicyFinding] { findings.filter { $0.effect == .shadow } }

    /// The attribution with the tags that policies set, which say where they come from.
    package func applied(to attribution: Attribution) -> Attribution {
        guard !tags.isEmpty else { return attribution }
        var attribution = attribution
        for tag in tags {
            attribution.effective[tag.dimension] = tag.value
            attribution.origins.removeAll { $0.dimension == tag.dimension }
            attribution.origins.append(TagOrigin(tag.dimension, from: .policy, detail: tag.policy))
        }
        return attribution
    }
}

/// A rule that applied to a call.
package struct PolicyFinding: Hashable, Sendable {
    package var policy: String
    /// The rule in a few words: ``PolicyRule/title``.
    package var rule: String
    /// What happens to the call, after the policy's enforcement.
    package var effect: PolicyRule.Effect
    /// What the rule says by itself: in a shadow, what would have happened.
    package var intended: PolicyRule.Effect
    /// What the caller is told.
    package var message: String
}

/// A tag that a policy set.
package struct PolicyTag: Hashable, Sendable {
    package var dimension: Dimension
    package var value: String
    package var policy: String
}
