internal import HTTPTypes
internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// `POST /api/v1/admissions`: a run that does not pass the gateway asks before it spends.
struct AdmissionRoutes: Sendable {
    let governance: any GovernanceOperations

    private struct Settlement: Decodable {
        var costUSD: String

        private enum CodingKeys: String, CodingKey {
            case costUSD = "cost_usd"
        }
    }

    func add(programs: some RouterMethods<some PrincipalContext>) {
        programs.post("admissions") { request, context in
            let question = try await request.decode(as: AdmissionQuestion.self, context: context)
            return try await governance.admit(question, by: try context.requirePrincipal())
        }
        programs.post("admissions/:id/settle") { request, context in
            let body = try await request.decode(as: Settlement.self, context: context)
            guard let cost = Money(dollars: body.costUSD) else {
                throw APIError(.invalidRequest, "'cost_usd' is a decimal string in dollars.")
            }
            let id = try context.parameters.require("id")
            return try governance.settle(id, cost: cost, by: try context.requirePrincipal())
        }
        programs.delete("admissions/:id") { _, context -> HTTPResponse.Status in
            try governance.release(try context.parameters.require("id"), by: try context.requirePrincipal())
            return .noContent
        }
    }
}

extension AdmissionAnswer: ResponseEncodable {}
