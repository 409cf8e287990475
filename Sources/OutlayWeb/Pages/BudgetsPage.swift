internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// `/budgets`: every meter as a bar, the fullest first.
struct BudgetsPage: Sendable {
    let governance: any GovernanceOperations

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("budgets") { _, _ in response() }
    }

    private func response() -> Response {
        let meters = governance.budgets().flatMap(\.meters).sorted { $0.permille > $1.permille }
        let cards: [HTML] = meters.prefix(200).map(Self.card)
        let none: HTML = "<p class=none>No budget is set. Set one with <code>outlay budget set</code>.</p>"
        return Page.response(title: "Budgets", body: "<h1>Budgets</h1>\(meters.isEmpty ? none : "")\(cards)")
    }

    private static func card(_ meter: MeterAnswer) -> HTML {
        let group = meter.group.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let end: HTML = meter.to.map { " · until \($0)" } ?? ""
        let reached = meter.thresholds.filter(\.inForce)
            .map { "\($0.percent) %: \($0.do.isEmpty ? "reached" : $0.do.joined(separator: ", "))" }
        let alarm: HTML = reached.isEmpty ? "" : "<p class=problem>\(reached.joined(separator: " · "))</p>"
        let label = "\(meter.permille / 10) % spent or reserved"
        return """
            <section class=card><h2>\(meter.budget) \(group)</h2>
            <meter min=0 max=1000 high=800 value=\(min(meter.permille, 1000)) aria-label="\(label)">\(label)</meter>
            <p class=hint>\(meter.posted) of \(meter.limit) \(meter.unit) spent, \(meter.reserved) reserved, \
            \(meter.left) left · forecast \(meter.forecast)\(end)</p>\(alarm)</section>
            """
    }
}

extension MeterAnswer {
    /// How full it is, in thousandths of the limit, at most 10 000.
    fileprivate var permille: Int {
        func amount(_ text: String) -> Int128 { DecimalText.parse(text, scale: 12) ?? 0 }
        let limit = amount(limit)
        let used = max(0, amount(posted) + amount(reserved))
        guard limit > 0 else { return used > 0 ? 1000 : 0 }
        return Int(min(10_000, used / max(1, limit / 1000)))
    }
}
