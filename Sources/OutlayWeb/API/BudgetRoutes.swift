internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// Budgets and their meters: look, set, grant, override, request an increase, sign off.
struct BudgetRoutes: Sendable {
    let operations: any Operations
    let governance: any GovernanceOperations

    func add(
        administrator: some RouterMethods<some PrincipalContext>,
        people: some RouterMethods<some PrincipalContext>
    ) {
        people.get("budgets") { _, _ in governance.budgets() }
        people.get("budgets/:name") { _, context in try find(try Self.name(context)) }
        people.post("budgets/:name/increases", use: requestIncrease)
        administrator.put("budgets/:name", use: set)
        administrator.delete("budgets/:name", use: remove)
        administrator.post("budgets/:name/grants") { request, context in
            try await adjust(request, context, isOverride: false)
        }
        administrator.post("budgets/:name/overrides") { request, context in
            try await adjust(request, context, isOverride: true)
        }
        administrator.post("budgets/:name/sign-off", use: signOff)
    }

    private static func name(_ context: some RequestContext) throws -> String {
        let text = try context.parameters.require("name")
        return text.removingPercentEncoding ?? text
    }

    private func find(_ name: String) throws(APIError) -> BudgetAnswer {
        guard let budget = governance.budgets().first(where: { $0.name == name }) else {
            throw APIError(.notFound, "There is no budget '\(name)'. List them with outlay budget list.")
        }
        return budget
    }

    /// The body is the rule; its name is the path's.
    @Sendable
    private func set(_ request: Request, _ context: some PrincipalContext) async throws -> BudgetAnswer {
        let name = try Self.name(context)
        var form = try await request.decode(as: BudgetForm.self, context: context)
        form.name = name
        if let zone = form.zone, operations.zone(zone) == nil {
            throw APIError(.invalidRequest, "There is no time zone '\(zone)': use an IANA name, Europe/Berlin.")
        }
        try await context.execute(.setBudget(form), with: governance)
        return try find(name)
    }

    @Sendable
    private func remove(_ request: Request, _ context: some PrincipalContext) async throws -> HTTPResponse.Status {
        try await context.execute(.removeBudget(try Self.name(context)), with: governance)
        return .noContent
    }

    @Sendable
    private func adjust(
        _ request: Request,
        _ context: some PrincipalContext,
        isOverride: Bool
    ) async throws -> EditedResponse<AdjustmentForm> {
        let body = try await request.decode(as: AdjustmentRequest.self, context: context)
        let command = GovernanceCommand.adjust(
            GovernanceCommand.Adjusting(
                budget: try Self.name(context),
                group: body.group,
                isOverride: isOverride,
                amount: try Self.amount(body.amount),
                until: try end(body.until)
            )
        )
        for case .adjusted(let form) in try await context.execute(command, reason: body.reason, with: governance) {
            return EditedResponse(status: .created, response: form)
        }
        throw APIError(.internalError, "The grant was not made.")
    }

    @Sendable
    private func requestIncrease(
        _ request: Request,
        _ context: some PrincipalContext
    ) async throws -> EditedResponse<ApprovalAnswer> {
        let body = try await request.decode(as: AdjustmentRequest.self, context: context)
        let increase = ApprovalRequest.Increase(
            budget: try Self.name(context),
            amount: try Self.amount(body.amount),
            until: try end(body.until)
        )
        let changes = try await context.execute(.requestIncrease(increase), reason: body.reason, with: governance)
        for case .approvalRequested(let made) in changes {
            return EditedResponse(
                status: .created,
                response: ApprovalAnswer(made, link: governance.link(to: made.id))
            )
        }
        throw APIError(.internalError, "The request was not made.")
    }

    @Sendable
    private func signOff(_ request: Request, _ context: some PrincipalContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: SignOffRequest.self, context: context)
        var until: Timestamp?
        if let text = body.until { until = try end(text) }
        try await context.execute(
            .signOff(budget: try Self.name(context), until: until),
            reason: body.reason,
            with: governance
        )
        return .noContent
    }

    private static func amount(_ text: String) throws(APIError) -> BudgetLimit {
        guard let amount = BudgetLimit(text: text) else {
            throw APIError(.invalidRequest, "'\(text)' is no amount: write 500 USD, 1000000 tokens or 300 calls.")
        }
        return amount
    }

    private func end(_ text: String) throws(APIError) -> Timestamp {
        try operations.end(text)
    }
}

extension Operations {
    /// When something ends that a caller wrote in one of the forms of ``TimeText/end(_:in:now:)``.
    func end(_ text: String) throws(APIError) -> Timestamp {
        guard let end = TimeText.end(text, in: UTC(), now: now()) else {
            throw APIError(.invalidRequest, "'\(text)' is no end: write 24h, 7d, 2026-12-24 or an instant.")
        }
        return end
    }
}

extension PrincipalContext {
    /// Has the caller's command carried out, and audited under the request's id.
    @discardableResult
    func execute(
        _ command: GovernanceCommand,
        reason: String? = nil,
        with governance: any GovernanceOperations
    ) async throws -> [GovernanceChange] {
        let principal = try requirePrincipal()
        return try await governance.execute(command, by: principal, reason: reason, request: "\(id)")
    }
}

extension BudgetAnswer: ResponseEncodable {}
extension AdjustmentForm: ResponseEncodable {}
