internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// Requests for approval: list, look, approve, deny, several together, justify.
struct ApprovalRoutes: Sendable {
    let operations: any Operations
    let governance: any GovernanceOperations

    func add(
        people: some RouterMethods<some PrincipalContext>,
        everyone: some RouterMethods<some PrincipalContext>,
        programs: some RouterMethods<some PrincipalContext>
    ) {
        everyone.get("approvals", use: list)
        everyone.get("approvals/:id", use: show)
        people.post("approvals/:id/approve") { request, context in try await decide(request, context, isYes: true) }
        people.post("approvals/:id/deny") { request, context in try await decide(request, context, isYes: false) }
        people.post("approvals/decide", use: decideTogether)
        programs.post("approvals/:id/justification", use: justify)
    }

    private struct Justification: Decodable {
        var text: String
    }

    @Sendable
    private func list(_ request: Request, _ context: some PrincipalContext) async throws -> [ApprovalAnswer] {
        let word = request.uri.queryParameters["state"].map(String.init)
        let state = word.flatMap { ApprovalRequest.State(rawValue: $0) }
        guard word == nil || state != nil else {
            throw APIError(.invalidRequest, "'state' is pending, approved, denied or expired.")
        }
        let principal = try context.requirePrincipal()
        return governance.decided.requests.values
            .filter { ($0.state == state || state == nil) && Self.maySee($0, principal) }
            .sorted { $0.id > $1.id }.map(answer)
    }

    @Sendable
    private func show(_ request: Request, _ context: some PrincipalContext) async throws -> ApprovalAnswer {
        try find(try context.parameters.require("id"), for: try context.requirePrincipal())
    }

    @Sendable
    private func decide(
        _ request: Request,
        _ context: some PrincipalContext,
        isYes: Bool
    ) async throws -> ApprovalAnswer {
        let id = try context.parameters.require("id")
        let body = try await request.decode(as: DecisionRequest.self, context: context)
        try await decide([id], body, isYes: isYes, context)
        return try find(id, for: try context.requirePrincipal())
    }

    /// All of the named requests, or none.
    @Sendable
    private func decideTogether(
        _ request: Request,
        _ context: some PrincipalContext
    ) async throws -> [ApprovalAnswer] {
        let body = try await request.decode(as: DecisionRequest.self, context: context)
        guard let ids = body.ids, let word = body.decision, ["approve", "deny"].contains(word) else {
            throw APIError(.invalidRequest, "Name the requests in 'ids', and approve or deny in 'decision'.")
        }
        try await decide(ids, body, isYes: word == "approve", context)
        let principal = try context.requirePrincipal()
        return try ids.map { try find($0, for: principal) }
    }

    private func decide(
        _ ids: [String],
        _ body: DecisionRequest,
        isYes: Bool,
        _ context: some PrincipalContext
    ) async throws {
        let command: GovernanceCommand = isYes ? .approve(ids, try body.offer(operations)) : .deny(ids)
        try await context.execute(command, reason: body.reason, with: governance)
    }

    @Sendable
    private func justify(_ request: Request, _ context: some PrincipalContext) async throws -> ApprovalAnswer {
        let id = try context.parameters.require("id")
        let body = try await request.decode(as: Justification.self, context: context)
        try await context.execute(.justify(id, text: body.text), with: governance)
        return try find(id, for: try context.requirePrincipal())
    }

    private func find(_ id: String, for principal: Principal) throws(APIError) -> ApprovalAnswer {
        guard let request = governance.decided.requests[id], Self.maySee(request, principal) else {
            throw APIError(.notFound, "There is no request '\(id)'. List them with outlay approvals list.")
        }
        return answer(request)
    }

    private func answer(_ request: ApprovalRequest) -> ApprovalAnswer {
        ApprovalAnswer(request, link: governance.link(to: request.id))
    }

    /// A client key sees what it asked for itself.
    private static func maySee(_ request: ApprovalRequest, _ principal: Principal) -> Bool {
        if case .key = principal { request.requester == principal } else { true }
    }
}

extension DecisionRequest {
    func offer(_ operations: any Operations) throws(APIError) -> GovernanceCommand.ApprovalOffer {
        guard let extent = ApprovalTerms.Extent(rawValue: extent ?? "once") else {
            throw APIError(.invalidRequest, "'extent' is once, run, amount or time.")
        }
        var offer = GovernanceCommand.ApprovalOffer(extent)
        if let amountUSD {
            guard let amount = Money(dollars: amountUSD) else {
                throw APIError(.invalidRequest, "'\(amountUSD)' is no amount in dollars.")
            }
            offer.amount = amount
        }
        if let until { offer.until = try operations.end(until) }
        return offer
    }
}

extension ApprovalAnswer: ResponseEncodable {}
