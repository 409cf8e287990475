package import OutlayWire

extension CallAnswer {
    /// The event for a reader: tokens × rate = amount per line, and where each tag came from.
    package var explanation: String {
        var text = "\(id)  \(kind)\n"
        for (name, value) in facts { text += "  \(name.padded(to: 12))\(value)\n" }
        text += "\n" + arithmetic + "\n" + origins
        return text
    }

    private var facts: [(String, String)] {
        var facts = [("at", at), ("service", "\(provider) \(api)\(upstream.map { " through \($0)" } ?? "")")]
        let asked = requestedModel.map { $0 == model ? "" : " (asked for \($0))" } ?? ""
        facts.append(("model", (model ?? "unknown") + asked))
        let timing = latencyMilliseconds.map { ", \($0) ms" } ?? ""
        let first = firstTokenMilliseconds.map { ", first token \($0) ms" } ?? ""
        facts.append(
            ("outcome", "\(outcome)\(status.map { ", HTTP \($0)" } ?? "")\(timing)\(first), attempt \(attempt)")
        )
        facts.append(("usage", quality + (method.map { " by \($0)" } ?? "")))
        if !flags.isEmpty { facts.append(("flags", flags.joined(separator: ", "))) }
        facts.append(("prices", "\(state), book \(priceVersion)"))
        if !unpricedUnits.isEmpty { facts.append(("no rate for", unpricedUnits.joined(separator: ", "))) }
        let reporter = upstream == nil ? "the emitter" : "the provider"
        if let reportedUSD { facts.append(("reported", "$\(reportedUSD) by \(reporter)")) }
        if let avoidedUSD { facts.append(("avoided", "$\(avoidedUSD) by the caller's own cache")) }
        if !reports.isEmpty { facts.append(("telemetry", reports.joined(separator: ", "))) }
        if let responseID { facts.append(("response", responseID)) }
        if let requestID { facts.append(("request", requestID)) }
        if let traceID { facts.append(("trace", traceID)) }
        return facts
    }

    private var arithmetic: String {
        var table = TextTable(
            columns: [
                .init("unit"), .init("model"), .init("quantity", .right), .init("× $ per million", .right),
                .init("= $", .right),
            ]
        )
        table.rows = lines.map { line in
            let discount =
                line.rateUSDPerMillion == line.listRateUSDPerMillion ? "" : " (list \(line.listRateUSDPerMillion))"
            return [
                line.unit, line.model, line.quantity.description, line.rateUSDPerMillion + discount, line.amountUSD,
            ]
        }
        table.footer = ["total", "", "", "", costUSD ?? "unpriced"]
        return table.terminal
    }

    private var origins: String {
        var table = TextTable(columns: [.init("tag"), .init("value"), .init("from"), .init("claimed")])
        table.rows = tags.filter { $0.dimension != "workspace" }.map { tag in
            let source = tag.detail.isEmpty ? tag.from : "\(tag.from) \(tag.detail)"
            let claim = claimed[tag.dimension].flatMap { $0 == tag.value ? nil : "\($0), refused" } ?? ""
            return [tag.dimension, tag.value, source, claim]
        }
        let refused = claimed.filter { claim in !tags.contains { $0.dimension == claim.key } }
        table.rows += refused.sorted { $0.key < $1.key }.map { [$0.key, "", "", "\($0.value), refused"] }
        table.rows.insert(["workspace", workspace, key.map { "key \($0)" } ?? "", ""], at: 0)
        return table.terminal
    }
}

extension [CallAnswer] {
    /// Every priced line of these events, exact, for a spreadsheet.
    package var lines: TextTable {
        var table = TextTable(
            columns: [
                .init("event"), .init("unit"), .init("model"), .init("quantity", .right),
                .init("rate_usd_per_million", .right), .init("amount_usd", .right),
            ]
        )
        table.rows = flatMap { event in
            event.lines.map { line in
                [
                    event.id, line.unit, line.model, line.quantity.description, line.rateUSDPerMillion, line.amountUSD,
                ]
            }
        }
        return table
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
