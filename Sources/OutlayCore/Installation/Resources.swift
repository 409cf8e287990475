/// Everything an installation is configured with, as one immutable value.
///
/// Read from YAML by OutlayConfig; handed to the gateway as numbered snapshots.
package struct Resources: Hashable, Sendable {
    package var upstreams: [Upstream] = []
    package var workspaces: [Workspace] = []
    package var agents: [Agent] = []
    package var keys: [KeyRules] = []
    /// What a configured key is recognised by, by the key's name; other keys are made by `outlay key create`.
    package var keySecrets: [String: KeySecret] = [:]
    package var tags = TagSettings()
    package var rules: [TagRule] = []
    package var tools: [ToolPrice] = []
    /// Emitters of telemetry that no profile of the program knows.
    package var emitters: [EmitterSettings] = []
    package var prices: [OwnPrice] = []
    package var discounts: [Discount] = []
    package var retention = Retention()
    package var teams: [Team] = []
    package var policies: [Policy] = []
    package var budgets: [Budget] = []
    /// Dated increases that stand with the budgets they are for.
    package var adjustments: [Adjustment] = []
    package var approvals = ApprovalSettings()

    package init() {}
}

/// The isolation boundary inside an installation, with the tags its calls get by default.
package struct Workspace: Hashable, Sendable {
    package var name: String
    package var tags: TagSet
    /// The tags it must have itself, besides what policies demand of it.
    package var requires: [Dimension]

    /// The workspace of keys that name none.
    package static let defaultName = "default"

    package init(name: String, tags: TagSet = .empty, requires: [Dimension] = []) {
        self.name = name
        self.tags = tags
        self.requires = requires
    }
}

/// An entry of the agent registry: what a call by this agent is tagged with.
package struct Agent: Hashable, Sendable {
    package var name: String
    /// `team`, `project` and whatever else the agent implies.
    package var tags: TagSet
    package var workspace: String?

    package init(name: String, tags: TagSet = .empty, workspace: String? = nil) {
        self.name = name
        self.tags = tags
        self.workspace = workspace
    }
}

/// How long single events are kept; sums are kept for ever.
package struct Retention: Hashable, Sendable {
    /// Whole days an event is kept; `nil` keeps events for ever.
    package var eventDays: Int?

    package init(eventDays: Int? = nil) {
        self.eventDays = eventDays
    }
}

/// A tool's fee per call, for what providers do not report in tokens.
package struct ToolPrice: Hashable, Sendable {
    package var name: String
    package var perCall: Money

    package init(name: String, perCall: Money) {
        self.name = name
        self.perCall = perCall
    }
}

extension ToolPrice {
    /// The fee as a price like any other, of the model that is called as the tool; a `*` stands for any rest.
    package var ownPrice: OwnPrice {
        OwnPrice(
            provider: ServiceUse.toolProvider,
            model: name,
            from: Timestamp(seconds: 0),
            rates: [.toolCall: Rate(picodollars: perCall.picodollars)]
        )
    }
}

extension Resources {
    /// Everything the operator prices, tools among it: what one price book is overlaid by.
    package var ownPrices: [OwnPrice] { prices + tools.map(\.ownPrice) }
}

extension ServiceUse {
    /// The provider of calls to tools; the model is the tool's name.
    package static let toolProvider = "tool"
}
