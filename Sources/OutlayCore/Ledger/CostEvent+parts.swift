extension CostEvent {
    /// What an event says, all of it.
    struct Parts: Hashable, Sendable {
        var id: EventID
        var kind: Kind
        var at: Timestamp
        var receivedAt: Timestamp
        var service: ServiceUse
        var attribution: Attribution
        var metering: Metering
        var rating: Rating
        var reportedCost: Money?
        var outcome: CallOutcome
        var links: CallLinks
        var isNotional = false
        var callCount: Int64 = 1
        var avoidedCost: Money?
        var held: Consumption?
    }
}

extension CostEvent {
    package var id: EventID {
        get { shared.parts.id }
        set { parts.id = newValue }
    }

    package var kind: Kind {
        get { shared.parts.kind }
        set { parts.kind = newValue }
    }

    /// When the call began.
    package var at: Timestamp {
        get { shared.parts.at }
        set { parts.at = newValue }
    }

    /// When Outlay learned of it.
    package var receivedAt: Timestamp {
        get { shared.parts.receivedAt }
        set { parts.receivedAt = newValue }
    }

    package var service: ServiceUse {
        get { shared.parts.service }
        set { parts.service = newValue }
    }

    package var attribution: Attribution {
        get { shared.parts.attribution }
        set { parts.attribution = newValue }
    }

    package var metering: Metering {
        get { shared.parts.metering }
        set { parts.metering = newValue }
    }

    package var rating: Rating {
        get { shared.parts.rating }
        set { parts.rating = newValue }
    }

    /// What the emitter or provider claimed the call cost.
    package var reportedCost: Money? {
        get { shared.parts.reportedCost }
        set { parts.reportedCost = newValue }
    }

    package var outcome: CallOutcome {
        get { shared.parts.outcome }
        set { parts.outcome = newValue }
    }

    package var links: CallLinks {
        get { shared.parts.links }
        set { parts.links = newValue }
    }

    /// A subscription covers the call: what it would have cost is shown apart and never part of the effective cost.
    package var isNotional: Bool {
        get { shared.parts.isNotional }
        set { parts.isNotional = newValue }
    }

    /// How many calls it stands for: 1, or what a histogram counted; 0 where a counter of tokens alone speaks.
    package var callCount: Int64 {
        get { shared.parts.callCount }
        set { parts.callCount = newValue }
    }

    /// What a cache of the caller's own saved: the cost of a call that was not made.
    package var avoidedCost: Money? {
        get { shared.parts.avoidedCost }
        set { parts.avoidedCost = newValue }
    }

    /// The most the call can have taken, where that stayed unknown: budgets count it until it is known.
    ///
    /// `nil` for calls whose cost is known, and for those that no budget watched. Never part of any cost.
    package var held: Consumption? {
        get { shared.parts.held }
        set { parts.held = newValue }
    }
}
