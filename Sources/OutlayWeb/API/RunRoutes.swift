internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// What runs cost: one as a tree, all of them as a cost per run and per task.
struct RunRoutes: Sendable {
    let ledger: any Ledger
    let operations: any Operations

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("runs", use: unitCosts)
        router.get("runs/:id", use: tree)
    }

    @Sendable
    private func unitCosts(_ request: Request, _ context: some RequestContext) async throws -> [UnitCostAnswer] {
        let question = try SpendQuestion(request, by: "agent", operations: operations)
        guard question.query.by.count < 8 else {
            throw APIError(.invalidRequest, "At most 7 dimensions can be grouped by when runs are counted.")
        }
        let costs = UnitCost.costs(
            byRun: try await ledger.spend(question.query.grouped(also: .run)),
            byTask: try await ledger.spend(question.query.grouped(also: .task))
        )
        return costs.map { UnitCostAnswer($0, by: question.query.by) }
    }

    @Sendable
    private func tree(_ request: Request, _ context: some RequestContext) async throws -> RunAnswer {
        let run = try context.parameters.require("id")
        guard let tree = try await operations.runTree(run) else {
            throw APIError(.notFound, "Nothing was booked with the run \(run). outlay spend --by run lists runs.")
        }
        return RunAnswer(tree)
    }
}

extension SpendQuery {
    fileprivate func grouped(also dimension: Dimension) -> SpendQuery {
        var query = self
        query.by.append(dimension)
        return query
    }
}

extension RunAnswer: ResponseEncodable {}
extension UnitCostAnswer: ResponseEncodable {}
