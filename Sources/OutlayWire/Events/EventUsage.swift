import OutlayCore

/// What a record says was used: by unit, or as plain token counts.
enum EventUsage {
    /// - Returns: `nil` where it says nothing; problems are kept with `fields`.
    static func read(_ fields: inout EventFields) -> Usage? {
        let plain = plainTokens(&fields)
        guard let object = fields.value("usage") else { return plain }
        if plain != nil { fields.problem("tokens are given twice: in 'usage' and beside it") }
        guard object.kind == .object else { return fields.refuse("usage", "an object of counts by unit") }
        var usage = Usage.none
        for (name, value) in object.members where !value.isNull {
            guard let unit = unit(name, &fields) else { continue }
            guard let count = count(value, of: unit) else {
                let wanted = unit.countsPerUnit == 1 ? "a whole number" : "a number with at most 3 decimals"
                fields.problem("'\(name)' of 'usage' must be \(wanted) from 0 on")
                continue
            }
            if usage[unit] != 0 { fields.problem("'\(name)' of 'usage' is there twice") }
            usage[unit] = count
        }
        return usage
    }

    /// `prompt_tokens`, of which `cached_tokens` were read from a cache, and `completion_tokens`.
    private static func plainTokens(_ fields: inout EventFields) -> Usage? {
        let prompt = fields.count("prompt_tokens")
        let completion = fields.count("completion_tokens")
        let cached = fields.count("cached_tokens")
        if let cached, cached > prompt ?? 0 {
            fields.problem("'cached_tokens' are part of 'prompt_tokens' and cannot be more")
            return nil
        }
        guard prompt != nil || completion != nil else { return nil }
        return [
            .input: (prompt ?? 0) - (cached ?? 0), .cacheRead: cached ?? 0, .output: completion ?? 0,
        ]
    }

    private static func unit(_ name: String, _ fields: inout EventFields) -> UsageUnit? {
        let shown = EventFields.shortened(name)
        guard Dimension(name) != nil, !UsageUnit(name).isHeld, name != UsageUnit.reportedCost.name else {
            fields.problem("'\(shown)' is no unit; use input, cache_read, output, tool_call, compute_seconds …")
            return nil
        }
        if let meant = further[name] ?? UsageUnit.misspelt(name)?.name {
            fields.problem("'\(shown)' is no unit; did you mean '\(meant)'?")
            return nil
        }
        return UsageUnit(name)
    }

    /// Providers' own words, which count cached tokens here and not there.
    private static let further = [
        "prompt_tokens": "input", "input_tokens": "input", "cached_tokens": "cache_read",
        "cache_read_input_tokens": "cache_read", "cache_creation_input_tokens": "cache_write_5m",
        "completion_tokens": "output", "output_tokens": "output", "seconds": "compute_seconds", "calls": "tool_call",
    ]

    private static func count(_ value: JSONView, of unit: UsageUnit) -> Int64? {
        guard let number = value.number,
            case .value(let count, isExact: true) = CountText.parse(number, scale: unit.countsPerUnit == 1 ? 0 : 3),
            count <= EventFields.countMax
        else { return nil }
        return count
    }
}
