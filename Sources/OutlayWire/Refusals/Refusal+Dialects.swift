package import OutlayCore

extension Refusal {
    /// The body of an answer that is this refusal, as the dialect's provider would word it.
    ///
    /// - Parameter dialect: What the caller speaks; without one, OpenAI's, which most clients read.
    /// - Returns: JSON in UTF-8.
    package func body(dialect: Upstream.Dialect) -> [UInt8] {
        var writer = JSONWriter()
        write(dialect, into: &writer)
        return writer.bytes
    }

    /// The last event of a stream that is cut: well-formed, so that SDKs raise the error they know.
    ///
    /// - Parameters:
    ///   - dialect: What the caller speaks.
    ///   - api: The route's API; OpenAI's Responses end with a typed event, its chat with `[DONE]`.
    /// - Returns: One or two server-sent events. They begin with an empty line, which ends an event that was cut.
    package func finalEvent(dialect: Upstream.Dialect, api: String) -> [UInt8] {
        let body = String(decoding: body(dialect: dialect), as: UTF8.self)
        let text =
            switch (dialect, api) {
            case (.anthropic, _): "\n\nevent: error\ndata: \(body)\n\n"
            case (.gemini, _): "\n\ndata: \(body)\n\n"
            case (_, "responses"): "\n\nevent: error\ndata: \(responsesEvent)\n\n"
            default: "\n\ndata: \(body)\n\ndata: [DONE]\n\n"
            }
        return Array(text.utf8)
    }

    private func write(_ dialect: Upstream.Dialect, into writer: inout JSONWriter) {
        switch dialect {
        case .anthropic: writeAnthropic(into: &writer)
        case .gemini: writeGemini(into: &writer)
        case .openai, .azureOpenAI, .openaiCompatible: writeOpenAI(into: &writer)
        }
    }

    private func writeOpenAI(into writer: inout JSONWriter) {
        writer.object {
            $0.key("error")
            $0.object {
                $0.member("message", message)
                $0.member("type", openAIType)
                $0.member("code", code.rawValue)
                $0.key("param")
                $0.null()
                $0.key("outlay")
                writeDetails(into: &$0)
            }
        }
    }

    private func writeAnthropic(into writer: inout JSONWriter) {
        writer.object {
            $0.member("type", "error")
            $0.key("error")
            $0.object {
                $0.member("type", anthropicType)
                $0.member("message", message)
                $0.member("code", code.rawValue)
                $0.key("outlay")
                writeDetails(into: &$0)
            }
            $0.key("request_id")
            if let id = details.callID { $0.string(id) } else { $0.null() }
        }
    }

    private func writeGemini(into writer: inout JSONWriter) {
        writer.object {
            $0.key("error")
            $0.object {
                $0.key("code")
                $0.int(status)
                $0.member("message", message)
                $0.member("status", googleStatus)
                $0.key("details")
                $0.array {
                    $0.object {
                        $0.member("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                        $0.member("reason", code.rawValue.uppercased())
                        $0.member("domain", "outlay")
                    }
                }
                $0.key("outlay")
                writeDetails(into: &$0)
            }
        }
    }

    /// The Responses API's error event: flat, with the code at its top.
    private var responsesEvent: String {
        var writer = JSONWriter()
        writer.object {
            $0.member("type", "error")
            $0.member("code", code.rawValue)
            $0.member("message", message)
            $0.key("param")
            $0.null()
            $0.key("outlay")
            writeDetails(into: &$0)
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func writeDetails(into writer: inout JSONWriter) {
        let counts = details.counts
        let unit = counts?.unit.rawValue ?? ""
        let members = [
            ("budget", details.budget), ("policy", details.policy), ("limit_usd", details.limitUSD),
            ("spent_usd", details.spentUSD), ("reserved_usd", details.reservedUSD),
            ("limit_\(unit)", counts.map { "\($0.limit)" }), ("spent_\(unit)", counts.map { "\($0.spent)" }),
            ("reserved_\(unit)", counts.map { "\($0.reserved)" }), ("resets_at", details.resetsAt),
            ("call_id", details.callID), ("help_url", details.helpURL),
        ]
        writer.object {
            $0.member("code", code.rawValue)
            for case (let name, let value?) in members { $0.member(name, value) }
        }
    }
}

// MARK: - Each provider's words

extension Refusal {
    private var openAIType: String {
        switch status {
        case 401: "authentication_error"
        case 402: "insufficient_quota"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    private var anthropicType: String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503: "overloaded_error"
        case 504: "timeout_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }

    private var googleStatus: String {
        switch status {
        case 401: "UNAUTHENTICATED"
        case 402, 429: "RESOURCE_EXHAUSTED"
        case 403: "PERMISSION_DENIED"
        case 404: "NOT_FOUND"
        case 501: "UNIMPLEMENTED"
        case 502, 503: "UNAVAILABLE"
        case 504: "DEADLINE_EXCEEDED"
        case 500...: "INTERNAL"
        default: "INVALID_ARGUMENT"
        }
    }
}
