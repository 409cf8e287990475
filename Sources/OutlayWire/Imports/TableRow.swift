import OutlayCore

/// Columns of any table, by the names they usually have or those that somebody says.
struct TableColumns {
    /// By column: a field of a record, `usage.UNIT`, `tags.NAME`, or "" to leave it out.
    let fields: [String: String]

    init(_ map: [String: String]) {
        fields = map
    }

    func field(of column: String) -> String? {
        if let field = fields[column] { return field }
        let folded = String(column.lowercased().map { $0 == " " || $0 == "-" || $0 == "." ? "_" : $0 })
        if let field = Self.usual[folded] { return field }
        for prefix in ["tags_", "tag_", "tag:"] where folded.hasPrefix(prefix) {
            return "tags." + folded.dropFirst(prefix.count)
        }
        return Spellings().dimension(named: folded).map { "tags.\($0)" }
    }

    /// A record of the row; columns without a meaning are left out.
    func imported(_ row: ImportRow) -> ImportedRow {
        var record = RecordDraft()
        var usage: [JSONValue.Member] = []
        for member in row.members {
            guard let text = member.value.plainText, let field = field(of: member.key), !field.isEmpty else { continue }
            if field.hasPrefix("tags.") {
                record.tag(String(field.dropFirst(5)), text)
            } else if field.hasPrefix("usage.") {
                usage.append(JSONValue.Member(String(field.dropFirst(6)), .number(text)))
            } else if field == "at" {
                record.set("at", ImportTime.rfc3339(text))
            } else if Self.numbers.contains(field) {
                record.set(field, number: text)
            } else {
                record.set(field, text)
            }
        }
        if !usage.isEmpty { record.set("usage", .object(usage)) }
        return .record(record.value)
    }

    private static let numbers: Set = [
        "prompt_tokens", "completion_tokens", "cached_tokens", "calls", "reported_cost_usd", "status", "latency_ms",
    ]

    private static let usual: [String: String] = {
        let spellings: [(field: String, columns: [String])] = [
            ("id", ["id", "event_id", "call_id", "uuid"]),
            ("at", ["at", "time", "timestamp", "date", "created_at", "start_time", "starttime", "created"]),
            ("provider", ["provider", "vendor"]), ("api", ["api", "endpoint"]), ("kind", ["kind"]),
            ("model", ["model", "model_name"]), ("requested_model", ["requested_model"]),
            ("prompt_tokens", ["prompt_tokens", "input_tokens", "tokens_in"]),
            ("completion_tokens", ["completion_tokens", "output_tokens", "tokens_out"]),
            ("cached_tokens", ["cached_tokens", "cache_read_tokens", "cached_input_tokens"]),
            (
                "reported_cost_usd",
                [
                    "reported_cost_usd", "cost_usd", "cost", "cost_estimate", "spend", "amount", "amount_usd",
                    "total_cost",
                ]
            ),
            ("currency", ["currency"]), ("calls", ["calls", "requests", "request_count"]),
            ("response_id", ["response_id"]), ("request_id", ["request_id"]), ("trace_id", ["trace_id"]),
            ("span_id", ["span_id"]), ("run", ["run", "session_id"]), ("service_tier", ["service_tier", "tier"]),
            ("status", ["status"]), ("latency_ms", ["latency_ms"]),
            ("usage.compute_seconds", ["compute_seconds", "gpu_seconds"]), ("usage.human_seconds", ["human_seconds"]),
            ("usage.tool_call", ["tool_call", "tool_calls"]), ("usage.storage_gb_hours", ["storage_gb_hours"]),
        ]
        return Dictionary(
            spellings.flatMap { entry in entry.columns.map { ($0, entry.field) } },
            uniquingKeysWith: { first, _ in first }
        )
    }()
}
