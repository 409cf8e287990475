import OutlayCore

/// A row of a bill in FOCUS, versions 1.0 to 1.2: a sum over calls, at the price that was billed.
///
/// The bill's amount is what is booked. Its quantities are not priced again: a row does not say what tier, context or
/// contract its calls had.
enum FOCUSRow {
    static func imported(_ row: ImportRow, categories: Set<String>) -> ImportedRow {
        let category = row.text("ChargeCategory") ?? "Usage"
        let cost = row.text("EffectiveCost", "BilledCost", "ListCost")
        let amount = cost.flatMap { Money(reported: $0) }
        guard categories.contains(category) else {
            return .skipped(reason: "ChargeCategory \(category)", amount: amount)
        }
        let currency = row.text("BillingCurrency") ?? "USD"
        guard currency == "USD" else { return .skipped(reason: "BillingCurrency \(currency)", amount: nil) }
        if let amount, amount < .zero { return .skipped(reason: "negative cost", amount: amount) }
        if amount == .zero { return .skipped(reason: "no cost", amount: amount) }
        var record = RecordDraft()
        record.set("kind", "other")
        record.set("at", ImportTime.rfc3339(row.text("ChargePeriodStart")))
        record.set("provider", row.text("ServiceProviderName", "ProviderName", "PublisherName").map(provider))
        record.set("api", row.text("ServiceName").map { String($0.prefix(64)) })
        record.set("model", model(of: row))
        record.set("reported_cost_usd", cost)
        record.set("calls", number: calls(of: row))
        for tag in row.object("Tags")?.members ?? [] { record.tag(tag.key, tag.value.plainText) }
        for member in row.members where member.key.hasPrefix("x_") {
            let name = member.key.dropFirst(2).lowercased()
            if let dimension = Dimension(name), Dimension.claimable.contains(dimension) {
                record.tag(name, member.value.plainText)
            }
        }
        record.tag("project", row.text("SubAccountName", "SubAccountId"))
        return .record(record.value)
    }

    private static func model(of row: ImportRow) -> String? {
        let details = row.object("SkuPriceDetails")
        return details?["x_ModelId"]?.plainText ?? details?["ModelId"]?.plainText
            ?? row.text("x_ModelId", "x_Model", "x_model", "SkuMeter", "SkuId")
    }

    /// A bill counts tokens; where it counts requests, those are the calls.
    private static func calls(of row: ImportRow) -> String? {
        if let count = row.text("x_OutlayRequestCount", "x_RequestCount"), count != "0" { return count }
        guard row.text("ConsumedUnit") == "Requests", let quantity = row.text("ConsumedQuantity"),
            case .value(let count, isExact: true) = CountText.parse(quantity), count > 0
        else { return nil }
        return "\(count)"
    }

    /// The book's names of those who bill for models.
    private static func provider(_ name: String) -> String {
        let lower = name.lowercased()
        let known = providers.first { lower.hasPrefix($0.prefix) }?.name
        return known ?? String(lower.map { $0.isLetter || $0.isNumber ? $0 : "-" }.prefix(64))
    }

    private static let providers: [(prefix: String, name: String)] = [
        ("openai", "openai"), ("anthropic", "anthropic"), ("google", "google"), ("amazon", "aws"), ("aws", "aws"),
        ("microsoft", "azure"), ("azure", "azure"), ("mistral", "mistral"), ("cohere", "cohere"), ("xai", "xai"),
    ]
}
