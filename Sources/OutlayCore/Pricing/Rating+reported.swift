extension Rating {
    /// What names the ratings that follow no book but what somebody reported.
    package static let reportedVersion = "reported"

    /// One line that costs what was reported.
    package init(reported amount: Money, model: String) {
        let line = CostLine(
            unit: .reportedCost,
            model: model,
            quantity: 1,
            listRate: Rate(picodollars: amount.picodollars)
        )
        self.init(lines: [line], state: .rated, version: Self.reportedVersion)
    }

    /// Whether the amount is what somebody reported, for want of rates.
    package var isReported: Bool { version == Self.reportedVersion }

    /// What is booked of a call that this rating is of: one amount, never the sum of two.
    ///
    /// This rating where something was metered and all of it has a rate; else what was reported; else this rating,
    /// which is then *partial* or *unpriced*. A report of $0 is no price: emitters write 0 where they know none.
    package func booked(reported: Money?, metering: Metering, model: String?) -> Rating {
        let isMetered = metering.parts.contains { !$0.usage.isEmpty }
        if state == .rated, isMetered { return self }
        guard let reported, reported > .zero, metering.quality != .unbilled else { return self }
        return Rating(reported: reported, model: model ?? "")
    }
}

extension UsageUnit {
    /// The unit of the one line of a cost that was reported and not rated.
    package static let reportedCost = UsageUnit("reported_cost")
}
