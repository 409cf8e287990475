internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// `GET /api/v1/calls/ID`: every event of one call, with its arithmetic and the origin of each tag.
struct CallRoutes: Sendable {
    let ledger: any Ledger
    let operations: any Operations

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("calls/:id", use: explain)
    }

    @Sendable
    private func explain(_ request: Request, _ context: some RequestContext) async throws -> [CallAnswer] {
        let id = try context.parameters.require("id")
        let history = try await ledger.history(of: id)
        guard !history.isEmpty else {
            throw APIError(.notFound, "No call \(id) is in the ledger. The id is in each answer's x-outlay-call-id.")
        }
        var answers: [CallAnswer] = []
        for event in history {
            var answer = CallAnswer(event)
            answer.reports = try await operations.reports(of: event)
            answers.append(answer)
        }
        return answers
    }
}

extension CallAnswer: ResponseEncodable {}
