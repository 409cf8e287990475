internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// `GET /api/v1/spend`: the one question every number comes from.
struct SpendRoutes: Sendable {
    let ledger: any Ledger
    let operations: any Operations

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("spend", use: spend)
    }

    @Sendable
    private func spend(_ request: Request, _ context: some RequestContext) async throws -> SpendAnswer {
        let question = try SpendQuestion(request, by: "team,model", operations: operations)
        var query = question.query
        query.rowsMax = question.top
        let table = try await ledger.spend(query)
        return SpendAnswer(table, span: question.span, zone: question.zone, hasGrain: question.grain != nil)
    }
}

extension SpendAnswer: ResponseEncodable {}
