package import OutlayCore

/// A budget as the API shows it: its rule, and its meters as they stand.
package struct BudgetAnswer: Codable, Hashable, Sendable {
    package var name: String
    /// `command`, or the file and line that keeps it.
    package var origin: String
    package var rule: BudgetForm
    /// Empty for caps per call, which have no memory.
    package var meters: [MeterAnswer]

    package init(_ budget: Budget, meters: [MeterAnswer]) {
        name = budget.name
        switch budget.origin {
        case .command: origin = "command"
        case .file(let file, let line): origin = "\(file):\(line)"
        }
        rule = BudgetForm(budget)
        self.meters = meters
    }
}

/// The running state of one budget for one group; amounts are decimal strings in `unit`.
package struct MeterAnswer: Codable, Hashable, Sendable {
    package var budget: String
    package var group: [String: String]
    /// Absent for caps per run, which have no window of time.
    package var from: String?
    package var to: String?
    package var unit: String
    /// The limit in force, with what was carried over and granted.
    package var limit: String
    package var posted: String
    package var reserved: String
    /// What neither was consumed nor is set aside; below 0 where a soft limit was passed.
    package var left: String
    package var forecast: String
    package var carried: String
    package var thresholds: [Threshold]
    package var grants: [AdjustmentForm]

    package struct Threshold: Codable, Hashable, Sendable {
        package var percent: Int
        package var on: String
        package var severity: String
        package var `do`: [String]
        package var announced: Bool
        package var inForce: Bool

        private enum CodingKeys: String, CodingKey {
            case percent, on, severity, `do`, announced
            case inForce = "in_force"
        }

        package init(_ threshold: OutlayCore.Threshold, announced: Bool, inForce: Bool) {
            percent = threshold.percent
            on = threshold.basis.rawValue
            severity = threshold.severity.rawValue
            `do` = threshold.actions.map(\.text)
            self.announced = announced
            self.inForce = inForce
        }
    }

    /// - Parameter figures: in the unit of the budget's limit.
    package init(_ budget: Budget, group: [Tag], window: Range<Timestamp>, figures: Figures) {
        let unit = budget.limit.unit
        self.budget = budget.name
        self.group = Dictionary(group.map { ($0.dimension.name, $0.value) }) { $1 }
        from = window.lowerBound.microseconds == .min ? nil : "\(window.lowerBound)"
        to = window.upperBound.microseconds == .max ? nil : "\(window.upperBound)"
        self.unit = unit.rawValue
        limit = unit.text(figures.limit)
        posted = unit.text(figures.posted)
        reserved = unit.text(figures.reserved)
        left = unit.text(figures.limit - figures.posted - figures.reserved)
        forecast = unit.text(figures.forecast)
        carried = unit.text(figures.carried)
        thresholds = []
        grants = []
    }

    package struct Figures: Sendable {
        package var limit: Int128
        package var posted: Int128
        package var reserved: Int128
        package var forecast: Int128
        package var carried: Int128

        package init(limit: Int128, posted: Int128, reserved: Int128, forecast: Int128, carried: Int128) {
            self.limit = limit
            self.posted = posted
            self.reserved = reserved
            self.forecast = forecast
            self.carried = carried
        }
    }
}

/// Whether an agent may spend, for runtimes that ask before they do.
package struct AgentAnswer: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        case running, throttled, suspended
    }

    package var name: String
    package var state: State
    /// One sentence each; empty while it runs freely.
    package var why: [String]
    package var suspensions: [Suspension]
    /// Budgets that its calls count in; left out for client keys.
    package var meters: [MeterAnswer]

    package init(name: String, state: State, why: [String], suspensions: [Suspension], meters: [MeterAnswer]) {
        self.name = name
        self.state = state
        self.why = why
        self.suspensions = suspensions
        self.meters = meters
    }
}
