/// What one run and one task of an agent, a team … cost: spend over the number of things done.
package struct UnitCost: Hashable, Sendable {
    package var key: [String?]
    package var runs: Int64 = 0
    package var tasks: Int64 = 0
    package var cost: Money = .zero
    private var costOfRuns: Money = .zero
    private var costOfTasks: Money = .zero

    /// A picodollar is not divided: half of one rounds to the even neighbour.
    package var perRun: Money? { Self.share(of: costOfRuns, runs) }
    package var perTask: Money? { Self.share(of: costOfTasks, tasks) }

    private init(key: [String?]) {
        self.key = key
    }

    private static func share(of cost: Money, _ count: Int64) -> Money? {
        count > 0 ? Rate(picodollars: cost.picodollars, per: Int128(count)).cost(of: 1) : nil
    }

    /// Counts the runs and tasks in two answers, dearest first.
    ///
    /// - Parameters:
    ///   - byRun: spend by the dimensions and, last, `run`.
    ///   - byTask: the same by `task`.
    package static func costs(byRun: SpendTable, byTask: SpendTable) -> [UnitCost] {
        var costs: [[String?]: UnitCost] = [:]
        for row in byRun.rows {
            let key = Array(row.key.dropLast())
            costs[key, default: UnitCost(key: key)].add(run: row)
        }
        for row in byTask.rows where row.key.last != .some(nil) {
            let key = Array(row.key.dropLast())
            costs[key, default: UnitCost(key: key)].add(task: row)
        }
        return costs.values.sorted { left, right in
            if left.cost != right.cost { return left.cost > right.cost }
            return left.key.map { $0 ?? "" }.lexicographicallyPrecedes(right.key.map { $0 ?? "" })
        }
    }

    private mutating func add(run row: SpendRow) {
        cost += row.sum.effective
        guard row.key.last != .some(nil) else { return }
        runs += 1
        costOfRuns += row.sum.effective
    }

    private mutating func add(task row: SpendRow) {
        tasks += 1
        costOfTasks += row.sum.effective
    }
}
