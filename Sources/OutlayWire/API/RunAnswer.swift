package import OutlayCore

/// What one run cost, as the API and `outlay run` show it.
package struct RunAnswer: Codable, Hashable, Sendable {
    package struct Node: Codable, Hashable, Sendable {
        /// `step`, `call` or `tool`.
        package var kind: String
        package var title: String
        package var start: String
        package var agent: String?
        /// The event's own name, for `outlay explain`; `nil` for steps.
        package var id: String?
        package var calls: Int64
        /// With everything below it; `null` where a call has no price.
        @OrNull package var costUSD: String?
        package var children: [Node]

        private enum CodingKeys: String, CodingKey {
            case kind, title, start, agent, id, calls, children
            case costUSD = "cost_usd"
        }

        package init(_ node: RunTree.Node) {
            kind = node.kind.rawValue
            title = node.title
            start = node.start.description
            agent = node.event?.value(of: .agent)
            id = node.event?.id.id
            calls = node.calls
            costUSD = node.event.map { $0.rating.total == nil } == true ? nil : node.cost.description
            children = node.children.map(Node.init)
        }
    }

    package var run: String
    package var calls: Int64
    package var costUSD: String
    package var tree: [Node]

    private enum CodingKeys: String, CodingKey {
        case run, calls, tree
        case costUSD = "cost_usd"
    }

    package init(_ tree: RunTree) {
        run = tree.run
        calls = tree.calls
        costUSD = tree.cost.description
        self.tree = tree.roots.map(Node.init)
    }
}

/// What the runs of one agent, team … cost each: the unit cost of a task.
package struct UnitCostAnswer: Codable, Hashable, Sendable {
    package var key: [String: String?]
    package var runs: Int64
    package var tasks: Int64
    package var costUSD: String
    /// What calls with a run cost, over the number of runs; `null` without runs.
    @OrNull package var perRunUSD: String?
    @OrNull package var perTaskUSD: String?

    private enum CodingKeys: String, CodingKey {
        case key, runs, tasks
        case costUSD = "cost_usd"
        case perRunUSD = "per_run_usd"
        case perTaskUSD = "per_task_usd"
    }

    package init(_ cost: UnitCost, by dimensions: [Dimension]) {
        key = Dictionary(uniqueKeysWithValues: zip(dimensions.map(\.name), cost.key))
        runs = cost.runs
        tasks = cost.tasks
        costUSD = cost.cost.description
        perRunUSD = cost.perRun?.description
        perTaskUSD = cost.perTask?.description
    }
}
