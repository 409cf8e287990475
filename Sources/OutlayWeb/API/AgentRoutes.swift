internal import HTTPTypes
internal import Foundation
internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// Agents and suspensions, and the audit log of everything that was decided.
struct AgentRoutes: Sendable {
    let governance: any GovernanceOperations

    func add(
        administrator: some RouterMethods<some PrincipalContext>,
        people: some RouterMethods<some PrincipalContext>,
        everyone: some RouterMethods<some PrincipalContext>
    ) {
        everyone.get("agents/:name", use: show)
        administrator.post("agents/:name/suspend", use: suspendAgent)
        administrator.post("agents/:name/resume", use: resumeAgent)
        people.get("suspensions") { _, _ in suspensions }
        administrator.post("suspensions", use: suspend)
        administrator.delete("suspensions/:id", use: resume)
        administrator.get("audit", use: audit)
    }

    private var suspensions: [Suspension] {
        governance.decided.suspensions.values.sorted { ($0.at, $0.id) > ($1.at, $1.id) }
    }

    private static func agent(_ context: some RequestContext) throws -> String {
        let text = try context.parameters.require("name")
        return text.removingPercentEncoding ?? text
    }

    /// A client key learns whether the agent may go on and why not; figures are for people.
    @Sendable
    private func show(_ request: Request, _ context: some PrincipalContext) async throws -> AgentAnswer {
        var answer = governance.agent(try Self.agent(context))
        if case .key = try context.requirePrincipal() { answer.meters = [] }
        return answer
    }

    @Sendable
    private func suspendAgent(_ request: Request, _ context: some PrincipalContext) async throws -> AgentAnswer {
        let name = try Self.agent(context)
        let body = try await request.decode(as: SuspensionRequest.self, context: context)
        try await context.execute(.suspend(Self.scope(of: name)), reason: body.reason, with: governance)
        return governance.agent(name)
    }

    /// Ends every suspension that names this agent and nobody else.
    @Sendable
    private func resumeAgent(_ request: Request, _ context: some PrincipalContext) async throws -> AgentAnswer {
        let name = try Self.agent(context)
        let body = try await request.decode(as: SuspensionRequest.self, context: context)
        guard let found = suspensions.first(where: { $0.scope == Self.scope(of: name) }) else {
            throw APIError(.notFound, "The agent '\(name)' is not suspended by itself; see GET /api/v1/suspensions.")
        }
        try await context.execute(.resume(found.id), reason: body.reason, with: governance)
        return governance.agent(name)
    }

    private static func scope(of agent: String) -> Scope { Scope(exactly: [Tag(.agent, agent)]) }

    @Sendable
    private func suspend(
        _ request: Request,
        _ context: some PrincipalContext
    ) async throws -> EditedResponse<Suspension> {
        let body = try await request.decode(as: SuspensionRequest.self, context: context)
        let command = GovernanceCommand.suspend(body.scope ?? .everything)
        for case .suspended(let made) in try await context.execute(command, reason: body.reason, with: governance) {
            return EditedResponse(status: .created, response: made)
        }
        throw APIError(.internalError, "Nothing was suspended.")
    }

    @Sendable
    private func resume(_ request: Request, _ context: some PrincipalContext) async throws -> HTTPResponse.Status {
        try await context.execute(.resume(try context.parameters.require("id")), with: governance)
        return .noContent
    }

    /// The newest first; `before` continues.
    @Sendable
    private func audit(_ request: Request, _ context: some PrincipalContext) async throws -> [AuditAnswer] {
        let before = request.uri.queryParameters["before"].flatMap { Int64(String($0)) } ?? .max
        let limit = request.uri.queryParameters["limit"].flatMap { Int(String($0)) } ?? 100
        return try await governance.audit(before: before, limit: min(max(limit, 1), 1000)).map(AuditAnswer.init)
    }
}

extension AgentAnswer: ResponseEncodable {}
extension Suspension: ResponseEncodable {}
extension AuditAnswer: ResponseEncodable {}
