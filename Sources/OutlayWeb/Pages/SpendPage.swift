internal import Hummingbird
internal import OutlayCore

/// The first page: what this month cost so far, by team and model, and what to do next.
struct SpendPage: Sendable {
    let ledger: any Ledger
    let operations: any Operations
    /// The gateway's address, shown in the example call.
    let gatewayURL: @Sendable () -> String

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("/") { _, _ in try await response() }
    }

    private func response() async throws -> Response {
        let span = try TimeText.span(from: nil, to: nil, in: UTC(), now: operations.now())
        let table = try await ledger.spend(SpendQuery(by: [.team, .model], buckets: [span], rowsMax: Self.rowsMax))
        let month = "\(span.lowerBound)".prefix(7)
        let body: HTML = """
            <h1>Spend in \(month)</h1>
            <p class=sum>$\(Money.displayed([], total: table.total.cost).total)</p>
            <p class=hint>\(table.total.calls) calls\(Self.doubts(table.total)) · UTC</p>
            <section class=card><h2>By team and model</h2>\(Self.rows(table))</section>
            <section class=card><h2>Send a call</h2>
            <pre>outlay key create --name my-program --tag team=my-team
            curl \(gatewayURL())/openai/v1/chat/completions -H "Authorization: Bearer KEY" \\
              -H "Content-Type: application/json" \\
              -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'</pre></section>
            <form method=post action=/sign-out><button>Sign out</button></form>
            """
        return Page.response(title: "Spend", body: body)
    }

    private static func rows(_ table: SpendTable) -> HTML {
        guard !table.rows.isEmpty else { return "<p class=none>Nothing was booked this month yet.</p>" }
        let costs = Money.displayed(table.rows.map(\.sum.cost), total: table.total.cost).rows
        let rows: [HTML] = zip(table.rows, costs).map { row, cost in
            """
            <tr>\(cells(row))<td class=number>\(row.sum.calls)</td>\
            <td class=number>\(cost)</td></tr>
            """
        }
        return """
            <table><thead><tr><th>Team<th>Model<th class=number>Calls<th class=number>Cost in $</tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    /// The dearest; all others are one row, so that the table adds up.
    private static let rowsMax = 100

    private static func cells(_ row: SpendRow) -> HTML {
        guard row.folded == 0 else { return "<td colspan=2 class=none>\(row.folded) more rows</td>" }
        return "\(cell(row.key.first ?? nil))\(cell(row.key.last ?? nil))"
    }

    private static func cell(_ value: String?) -> HTML {
        value.map { "<td>\($0)</td>" } ?? "<td class=none>unattributed</td>"
    }

    private static func doubts(_ sum: SpendSum) -> String {
        [(sum.unpricedCalls, "unpriced"), (sum.estimatedCalls, "estimated"), (sum.unmeteredCalls, "unmetered")]
            .filter { $0.0 > 0 }.map { " · \($0.0) \($0.1)" }.joined()
    }
}
