/// A percentage of a budget's limit, and what is done when it is reached.
///
/// It is announced once per period. What it puts in force (a throttle, the need for approvals) ends when the value has
/// fallen ``hysteresis`` points below it, as after a grant.
package struct Threshold: Hashable, Sendable {
    package enum Basis: String, Hashable, Sendable, CaseIterable {
        /// What was consumed.
        case actual
        /// What the period will have consumed at its end, at the pace so far.
        case forecast
    }

    package enum Severity: String, Hashable, Sendable, CaseIterable {
        case info, warning, critical
    }

    package enum Action: Hashable, Sendable {
        /// Tell this person or channel: `owner`, `lead`, `#finops`.
        case notify(String)
        /// Let only so much through per minute.
        case throttle(ThrottleRate)
        /// Calls from here on need an approval.
        case requireApproval
        /// Calls that would pass the threshold are refused.
        case block
        /// Refuses everything of its target until somebody resumes it.
        case suspend(SuspensionTarget)
        /// Sends calls to a cheaper model: the first of these that the key and the policies allow.
        case downgrade([ModelSwap])
    }

    /// Whom reaching a threshold suspends.
    package enum SuspensionTarget: String, Hashable, Sendable, CaseIterable {
        case scope, agent, key
    }

    /// Whole percent of the limit, from 1 to 1000.
    package var percent: Int
    package var basis: Basis
    package var severity: Severity
    package var actions: [Action]
    package var message: String?

    /// Points that a value must fall below a threshold before it is no longer in force.
    package static let hysteresis = 2

    package init(
        percent: Int,
        basis: Basis = .actual,
        severity: Severity? = nil,
        actions: [Action] = [],
        message: String? = nil
    ) {
        self.percent = percent
        self.basis = basis
        self.severity = severity ?? (percent >= 100 ? .critical : .warning)
        self.actions = actions
        self.message = message
    }
}

/// One model in the place of another.
package struct ModelSwap: Hashable, Sendable {
    /// The models that are replaced; `*` is any run of characters.
    package var from: ValuePattern
    package var to: String

    package init(from: String = "*", to: String) {
        self.from = ValuePattern(from)
        self.to = to
    }
}

extension Threshold {
    /// Whether `value` reaches this threshold of `limit`; a limit of 0 is reached by anything above 0.
    func isReached(by value: Int128, of limit: Int128) -> Bool {
        guard limit > 0 else { return value > 0 }
        return value.multipliedSaturating(by: 100) >= limit.multipliedSaturating(by: Int128(percent))
    }

    /// Whether `value` has fallen so far that the threshold is no longer in force.
    func isLeft(by value: Int128, of limit: Int128) -> Bool {
        let percent = Int128(max(percent - Self.hysteresis, 0))
        return value.multipliedSaturating(by: 100) < limit.multipliedSaturating(by: percent)
    }
}
