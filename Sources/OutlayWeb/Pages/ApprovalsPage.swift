internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// `/approvals`: what waits for a yes, and the form to decide several together; `/approvals/ID`: one request with its
/// figures, and the form to decide it.
struct ApprovalsPage: Sendable {
    let operations: any Operations
    let governance: any GovernanceOperations

    private struct Form: Decodable {
        var decision: String
        var extent: String?
        var amount: String?
        var until: String?
        var reason: String?
        /// The ticked requests, where several are decided together.
        var ids: [String]?
    }

    func add(to router: some RouterMethods<some PrincipalContext>) {
        router.get("approvals") { _, _ in list() }
        router.post("approvals", use: decideTogether)
        router.get("approvals/:id") { _, context in try page(try context.parameters.require("id")) }
        router.post("approvals/:id", use: decide)
    }

    /// - Parameter ticked: what stays ticked after a decision that was not taken.
    private func list(ticked: Set<String> = [], problem: String? = nil) -> Response {
        let requests = governance.decided.requests.values.sorted { $0.id > $1.id }
        let pending = requests.filter { $0.state == .pending }
        let decided = requests.filter { $0.state != .pending }.prefix(50)
        let none: HTML = "<section class=card><p class=none>Nothing waits for an approval.</p></section>"
        return Page.response(
            title: "Approvals",
            body: """
                <h1>Approvals</h1>\(Self.warning(problem))
                \(pending.isEmpty ? none : Self.waiting(pending, ticked))
                <section class=card><h2>Decided</h2>\(Self.table(Array(decided)))</section>
                """
        )
    }

    /// What waits, each with a box to tick, and one decision for all that are ticked.
    private static func waiting(_ requests: [ApprovalRequest], _ ticked: Set<String>) -> HTML {
        """
        <form method=post action="/approvals"><section class=card><h2>Waiting</h2>\(table(requests, ticked))</section>
        <section class=card><h2>Decide the ticked ones together</h2>
        <p class=hint>All of them, or none if one cannot be decided so.</p>\(terms)\(decision)</section></form>
        """
    }

    /// - Parameter ticked: `nil` for a table without boxes.
    private static func table(_ requests: [ApprovalRequest], _ ticked: Set<String>? = nil) -> HTML {
        let rows: [HTML] = requests.map { request in
            let cell: HTML = ticked.map { box(request, isTicked: $0.contains(request.id)) } ?? ""
            return """
                <tr>\(cell)<td><a href="/approvals/\(request.id)">\(request.agent ?? "\(request.requester)")</a></td>\
                <td>\(request.subjects.joined(separator: ", "))</td><td class=number>\(amount(of: request))</td>\
                <td>\(request.state.rawValue)</td></tr>
                """
        }
        let column: HTML = ticked == nil ? "" : "<th>Decide"
        return """
            <table><thead><tr>\(column)<th>Who<th>Asks to pass<th class=number>For<th>State</tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    private static func box(_ request: ApprovalRequest, isTicked: Bool) -> HTML {
        let name = "\(request.agent ?? "\(request.requester)"), \(request.subjects.joined(separator: ", "))"
        let state: HTML = isTicked ? " checked" : ""
        return """
            <td><input type=checkbox name="ids[]" value="\(request.id)" aria-label="\(name)"\(state)></td>
            """
    }

    private static func warning(_ problem: String?) -> HTML {
        problem.map { "<p class=problem role=alert>\($0)</p>" } ?? ""
    }

    private static func amount(of request: ApprovalRequest) -> String {
        request.increase.map { "+\($0.amount)" } ?? request.estimate.map { "$\($0)" } ?? ""
    }

    private func page(_ id: String, problem: String? = nil) throws(APIError) -> Response {
        guard let request = governance.decided.requests[id] else {
            throw APIError(.notFound, "There is no request '\(id)'.")
        }
        let facts: [HTML] = [
            ("Requester", "\(request.requester)"), ("Agent", request.agent), ("Run", request.run),
            ("Team", request.team), ("Estimate", Self.amount(of: request)), ("Why", request.justification),
            ("Asked", "\(request.at)"), ("Expires", "\(request.expires)"),
        ].compactMap { name, value in
            guard let value, !value.isEmpty else { return nil }
            return "<dt>\(name)</dt><dd>\(value)</dd>"
        }
        let figures: [HTML] = request.figures.map { figure in
            """
            <p class=hint>\(figure.budget): \(figure.spent) of \(figure.limit) spent, \(figure.reserved) reserved, \
            \(figure.requested) requested</p>
            """
        }
        return Page.response(
            title: "Approval",
            body: """
                <h1>\(request.subjects.joined(separator: ", "))</h1>\(Self.warning(problem))
                <section class=card><dl>\(facts)</dl>\(figures)</section>\(Self.ending(request))
                """
        )
    }

    /// The decision, or the form to make one.
    private static func ending(_ request: ApprovalRequest) -> HTML {
        if let decision = request.decision {
            let reason: HTML = decision.reason.map { ": \($0)" } ?? ""
            let patch: HTML = decision.patch.map { "<pre>\($0)</pre>" } ?? ""
            return """
                <section class=card><p>\(decision.state.rawValue) by \(decision.by) at \(decision.at)\(reason)</p>\
                \(patch)</section>
                """
        }
        return """
            <form method=post action="/approvals/\(request.id)" class=card>\(request.increase == nil ? terms : "")
            \(decision)</form>
            """
    }

    private static let terms: HTML = """
        <label for=extent>Let pass</label><select id=extent name=extent><option value=once>this one call</option>
        <option value=run>the run, up to an amount</option><option value=amount>up to an amount</option>
        <option value=time>until a time</option></select>
        <label for=amount>Up to, in dollars</label><input id=amount name=amount inputmode=decimal>
        <label for=until>Until (24h, 7d, 2026-12-24)</label><input id=until name=until>
        """

    private static let decision: HTML = """
        <label for=reason>Reason</label><input id=reason name=reason>
        <button name=decision value=approve>Approve</button>
        <button name=decision value=deny class=no>Deny</button>
        """

    @Sendable
    private func decide(_ request: Request, _ context: some PrincipalContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let form = try await URLEncodedFormDecoder().decode(Form.self, from: request, context: context)
        if let problem = try await decide([id], form, context) { return try page(id, problem: problem) }
        return .redirect(to: "/approvals/\(id)", type: .normal)
    }

    /// All of the ticked requests, or none.
    @Sendable
    private func decideTogether(_ request: Request, _ context: some PrincipalContext) async throws -> Response {
        let form = try await URLEncodedFormDecoder().decode(Form.self, from: request, context: context)
        guard let ids = form.ids, !ids.isEmpty else { return list(problem: "Tick the requests to decide.") }
        if let problem = try await decide(ids, form, context) { return list(ticked: Set(ids), problem: problem) }
        return .redirect(to: "/approvals", type: .normal)
    }

    /// - Returns: why nothing was decided; `nil` when it was.
    private func decide(_ ids: [String], _ form: Form, _ context: some PrincipalContext) async throws -> String? {
        do {
            var wanted = DecisionRequest()
            wanted.extent = form.extent
            wanted.amountUSD = form.amount.nonEmpty
            wanted.until = form.until.nonEmpty
            let isYes = form.decision == "approve"
            let command: GovernanceCommand = isYes ? .approve(ids, try wanted.offer(operations)) : .deny(ids)
            try await context.execute(command, reason: form.reason.nonEmpty, with: governance)
            return nil
        } catch let problem as GovernanceProblem {
            return problem.message
        } catch let problem as APIError where problem.code == .invalidRequest {
            return problem.message
        }
    }
}

extension String? {
    /// `nil` for a field that was left empty.
    fileprivate var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
