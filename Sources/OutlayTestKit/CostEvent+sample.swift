package import OutlayCore

extension CostEvent {
    /// An ordinary call by team `growth`, with only what a test cares about said.
    ///
    /// `id` numbers the call; `cost` is in dollars and `nil` makes it unpriced.
    package static func event(
        _ id: String = "call-1",
        team: String? = "growth",
        model: String = "gpt-5",
        cost: String? = "1.00",
        at: Timestamp = .sample,
        input: Int64 = 1000
    ) -> CostEvent {
        let usage: Usage = [.input: input, .output: 100]
        let lines = cost.map { [CostLine.whole($0, model: model)] }
        return CostEvent(
            id: EventID(source: "test", id: id),
            at: at,
            receivedAt: at.advanced(bySeconds: 2),
            service: ServiceUse(
                provider: "openai",
                api: "chat.completions",
                upstream: "openai",
                requestedModel: model,
                model: model
            ),
            attribution: Attribution(
                workspace: "default",
                key: "ci",
                effective: team.map { [.team: $0] } ?? .empty,
                claimed: team.map { [.team: $0] } ?? .empty,
                origins: team == nil ? [] : [TagOrigin(.team, from: .header, detail: "x-team")]
            ),
            metering: Metering(parts: [UsagePart(usage: usage)], quality: .exact),
            rating: Rating(lines: lines ?? [], state: cost == nil ? .unpriced : .rated, version: "test-1"),
            outcome: CallOutcome(status: 200, latencyMicroseconds: 1_200_000)
        )
    }

    /// This event with `change` made to it.
    package func with(_ change: (inout CostEvent) -> Void) -> CostEvent {
        var copy = self
        change(&copy)
        return copy
    }

    /// This event with one more effective tag.
    package func tagged(_ dimension: Dimension, _ value: String?) -> CostEvent {
        with { $0.attribution.effective[dimension] = value }
    }

    /// What takes this event back.
    package func reversal(_ id: String) -> CostEvent {
        with {
            $0.kind = .reversal(of: self.id)
            $0.id = EventID(source: "correction", id: id)
        }
    }

    /// What stands in its place, changed by `change`.
    package func replacement(_ id: String, _ change: (inout CostEvent) -> Void) -> CostEvent {
        with {
            $0.kind = .replacement(of: self.id)
            $0.id = EventID(source: "correction", id: id)
            change(&$0)
        }
    }
}

extension CostLine {
    /// A line that costs exactly `dollars`.
    package static func whole(_ dollars: String, model: String = "gpt-5") -> CostLine {
        let amount = Money(dollars: dollars) ?? .zero
        return CostLine(unit: .input, model: model, quantity: 1, listRate: Rate(picodollars: amount.picodollars))
    }
}

extension Timestamp {
    /// 2026-11-20T10:07:30Z, a Friday within a quarter hour.
    package static let sample = Timestamp(seconds: 1_795_169_250)
}
