package import OutlayWire

extension RatingAnswer {
    /// Tokens × rate = amount, line by line, and the total.
    package var text: String {
        var table = TextTable(
            columns: [
                .init("unit"), .init("quantity", .right), .init("× $ per million", .right), .init("= $", .right),
            ]
        )
        table.rows = lines.map { [$0.unit, $0.quantity.description, $0.rateUSDPerMillion, $0.amountUSD] }
        table.footer = ["total", "", "", totalUSD ?? "unpriced"]
        let missing = unpricedUnits.isEmpty ? "" : "no rate for \(unpricedUnits.joined(separator: ", "))\n"
        return table.terminal + "\(state), book \(priceVersion)\n" + missing
    }
}
