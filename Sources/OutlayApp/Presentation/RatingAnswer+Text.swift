internal import OutlayCore
package import OutlayWire

extension RatingAnswer {
    /// This answer in `format`, ending in a line break.
    package func text(as format: OutputFormat) throws -> String {
        switch format {
        case .json: try JSONText.pretty(self)
        case .jsonl: try JSONText.line(self) + "\n"
        case .table, .markdown: table("× $ per million", "= $").text(as: format) + (format == .table ? remarks : "")
        case .csv: table("rate_usd_per_million", "amount_usd").csv
        }
    }

    /// Tokens × rate = amount, line by line, and the total.
    private func table(_ rate: String, _ amount: String) -> TextTable {
        var table = TextTable(
            columns: [.init("unit"), .init("quantity", .right), .init(rate, .right), .init(amount, .right)]
        )
        table.rows = lines.map { [$0.unit, $0.quantity.description, $0.rateUSDPerMillion, $0.amountUSD] }
        table.footer = ["total", "", "", totalUSD ?? "unpriced"]
        return table
    }

    /// What a table of amounts does not say: how surely they are known.
    private var remarks: String {
        var remarks = ["\(state), book \(priceVersion)"]
        if quality != Metering.Quality.exact.rawValue {
            remarks.append("usage \(quality)\(method.map { " by \($0)" } ?? "")")
        }
        if !flags.isEmpty { remarks.append("odd about the counts: \(flags.joined(separator: ", "))") }
        if !unpricedUnits.isEmpty { remarks.append("no rate for \(unpricedUnits.joined(separator: ", "))") }
        return remarks.joined(separator: "\n") + "\n"
    }
}
