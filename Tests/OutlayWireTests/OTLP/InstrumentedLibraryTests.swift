import OutlayCore
import OutlayWire
import Testing

/// What instrumentations of libraries were seen to emit of streams, of answers behind a router, and of caches.
@Suite struct InstrumentedLibraryTests {
    private static let logfire = MadeRecord(scope: "logfire.anthropic")

    @Test func `Logfire's span of a request that only began a stream is no second call`() {
        let begun = Self.logfire.span(
            "Message with {request_data[model]!r}",
            [
                "logfire.span_type": "span", "gen_ai.provider.name": "anthropic", "gen_ai.operation.name": "chat",
                "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.response.model": "claude-sonnet-4-5",
            ]
        )
        #expect(begun?.level == .step)
    }

    @Test func `Logfire's span of the stream itself is the call, with the lifetimes of its raw usage`() throws {
        let streamed = try #require(
            Self.logfire.span(
                "streaming response from {request_data[model]!r} took {duration:.2f}s",
                [
                    "logfire.span_type": "log", "gen_ai.provider.name": "anthropic", "gen_ai.operation.name": "chat",
                    "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.response.id": "msg_1",
                    "gen_ai.response.model": "claude-sonnet-4-5-20250929", "gen_ai.usage.input_tokens": 1527,
                    "gen_ai.usage.output_tokens": 59, "gen_ai.usage.cache_read.input_tokens": 1009,
                    "gen_ai.usage.cache_creation.input_tokens": 307,
                    "gen_ai.usage.raw": .string(
                        #"{"cache_creation":{"ephemeral_1h_input_tokens":206,"ephemeral_5m_input_tokens":101}}"#
                    ),
                ]
            )
        )
        #expect(streamed.level == .call)
        #expect(
            streamed.metering.total == [
                .input: 211, .cacheRead: 1009, .cacheWrite5m: 101, .cacheWrite1h: 206, .output: 59,
            ]
        )
    }

    @Test(
        arguments: [
            ["gen_ai.response.id": "chatcmpl-1"], ["gen_ai.response.finish_reasons": #"["stop"]"#],
            ["error.type": "APIStatusError"], ["logfire.span_type": "log"],
        ] as [[String: AttributeValue]]
    )
    func `Logfire's span of an answer without usage is a call that nobody counted`(
        _ mark: [String: AttributeValue]
    ) {
        var attributes = Attributes(["gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini"])
        if mark["logfire.span_type"] == nil {
            attributes.entries.append(Attributes.Entry("logfire.span_type", "span"))
        }
        attributes.entries += mark.map { Attributes.Entry($0.key, $0.value) }
        #expect(MadeRecord(scope: "logfire.openai").span("Chat Completion", attributes)?.level == .call)
    }

    @Test func `LiteLLM's id of a response has the provider's inside`() {
        let call = MadeRecord(scope: "litellm").span(
            "litellm_request",
            [
                "gen_ai.operation.name": "responses", "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.usage.input_tokens": 1207, "gen_ai.usage.output_tokens": 53,
                "gen_ai.response.id": .string(
                    "resp_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpOb25lO3Jlc3BvbnNlX2lkOnJlc3Bf"
                        + "bW9jazAxMTQ="
                ),
            ]
        )
        #expect(call?.names == ["response:resp_mock0114"])
        #expect(call?.service.api == "responses")
    }

    @Test func `OpenClaw's call by the newest conventions needs no name of its own`() {
        let call = MadeRecord(scope: "openclaw").span(
            "chat gpt-4o-mini",
            [
                "gen_ai.operation.name": "chat", "openclaw.provider": "openai", "openclaw.model": "gpt-4o-mini",
                "gen_ai.usage.input_tokens": 1207, "gen_ai.usage.output_tokens": 53,
                "gen_ai.usage.cache_read.input_tokens": 1024,
            ]
        )
        #expect(
            call?.line == "openclaw echo openai/chat.completions gpt-4o-mini: \(RecordedEmitterTests.Truth.openAI)"
        )
    }

    @Test(
        arguments: [
            #"{"input":211,"output":59,"input_cached_tokens":1009,"input_cache_creation_5m":101,"#
                + #""input_cache_creation_1h":206}"#,
            #"{"input_tokens":211,"output_tokens":59,"cache_read_input_tokens":1009,"#
                + #""cache_creation_input_tokens":307,"#
                + #""cache_creation":{"ephemeral_5m_input_tokens":101,"ephemeral_1h_input_tokens":206}}"#,
        ]
    )
    func `Langfuse's free names tell lifetimes of caches apart`(_ usage: String) {
        let call = MadeRecord(scope: "langfuse-sdk").span(
            "generation",
            [
                "langfuse.observation.type": "generation",
                "langfuse.observation.model.name": "claude-sonnet-4-5",
                "langfuse.observation.usage_details": .string(usage),
            ]
        )
        #expect(
            call?.metering.total == [
                .input: 211, .cacheRead: 1009, .cacheWrite5m: 101, .cacheWrite1h: 206, .output: 59,
            ]
        )
    }
}
