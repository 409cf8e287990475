import OutlayCore

/// A row of LiteLLM's spend logs, from its API or its table, as JSON or exported as CSV.
///
/// The hash of its key is read by nobody: teams, users and aliases say whom a call belongs to.
enum LiteLLMRow {
    static func imported(_ row: ImportRow) -> ImportedRow {
        let metadata = row.object("metadata")
        var record = RecordDraft()
        record.set("id", row.text("request_id", "id"))
        record.set("response_id", row.text("request_id", "id").flatMap { isResponse($0) ? $0 : nil })
        record.set("at", ImportTime.rfc3339(row.text("startTime", "start_time", "starttime")))
        let provider = row.text("custom_llm_provider", "api_provider")
        record.set("provider", provider)
        record.set("model", row.text("model").map { bare($0, of: provider) })
        record.set("requested_model", row.text("model_group"))
        record.set("api", row.text("call_type").map { apis[$0] ?? $0 })
        record.set("usage", usage(row, metadata))
        record.set("reported_cost_usd", number: row.text("spend", "response_cost"))
        if isTrue(row.text("cache_hit")) { record.set("cache_hit", .bool(true)) }
        if row.text("status") == "failure" { record.set("status", .number("500")) }
        record.set("run", row.text("session_id"))
        addTags(row, metadata, to: &record)
        return .record(record.value)
    }

    private static func addTags(_ row: ImportRow, _ metadata: JSONValue?, to record: inout RecordDraft) {
        let alias = { (name: String) in metadata?["user_api_key_\(name)"]?.plainText }
        record.tag("team", alias("team_alias") ?? row.text("team_alias", "team_id") ?? alias("team_id"))
        record.tag("user", row.text("user") ?? alias("user_id"))
        record.tag("customer", row.text("end_user"))
        record.tag("agent", row.text("agent_id"))
        record.tag("key_alias", alias("alias"))
        record.tag("organization", alias("org_alias") ?? row.text("organization_id"))
        for tag in tags(row["request_tags"]) {
            let parts = tag.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
            // LiteLLM writes tags of its own there, such as `User-Agent: …`.
            guard parts.count == 2, Dimension(parts[0]) != nil else { continue }
            record.tag(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
    }

    /// A list, also one that stands in a text.
    private static func tags(_ value: JSONValue?) -> [String] {
        let list = value?.array ?? value?.string.flatMap { try? JSONValue(Array($0.utf8)) }?.array
        return (list ?? []).compactMap(\.string)
    }

    /// Prompt tokens hold those read from a cache and those written to one.
    private static func usage(_ row: ImportRow, _ metadata: JSONValue?) -> JSONValue {
        let told = metadata?["usage_object"]
        let details = told?["prompt_tokens_details"]
        let count = { (value: JSONValue?) in value?.int ?? 0 }
        let prompt = Int64(row.text("prompt_tokens") ?? "") ?? 0
        let read = max(count(details?["cached_tokens"]), count(told?["cache_read_input_tokens"]))
        let written = count(told?["cache_creation_input_tokens"])
        let (special, isOver) = read.addingReportingOverflow(written)
        let isWhole = !isOver && read >= 0 && written >= 0 && special <= prompt
        let input = isWhole ? prompt - special : prompt
        return [
            "input": .number("\(input)"), "cache_read": .number("\(isWhole ? read : 0)"),
            "cache_write_5m": .number("\(isWhole ? written : 0)"),
            "output": .number("\(Int64(row.text("completion_tokens") ?? "") ?? 0)"),
        ]
    }

    private static func bare(_ model: String, of provider: String?) -> String {
        guard let provider, model.hasPrefix(provider + "/") else { return model }
        return String(model.dropFirst(provider.count + 1))
    }

    /// Whether an id is the provider's own, which the gateway may have booked too.
    private static func isResponse(_ id: String) -> Bool {
        ["chatcmpl-", "msg_", "resp_", "cmpl-", "gen-"].contains { id.hasPrefix($0) }
    }

    private static func isTrue(_ text: String?) -> Bool {
        text.map { $0.lowercased() == "true" } ?? false
    }

    private static let apis = [
        "completion": "chat.completions", "acompletion": "chat.completions", "embedding": "embeddings",
        "aembedding": "embeddings", "responses": "responses", "aresponses": "responses",
        "anthropic_messages": "messages", "image_generation": "images", "aimage_generation": "images",
        "transcription": "audio.transcriptions", "atranscription": "audio.transcriptions", "speech": "audio.speech",
        "aspeech": "audio.speech", "rerank": "rerank", "arerank": "rerank",
    ]
}
