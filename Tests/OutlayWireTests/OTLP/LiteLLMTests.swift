import OutlayCore
import OutlayWire
import Testing

/// LiteLLM, whose telemetry must be corrected more than anybody's.
@Suite struct LiteLLMTests {
    static let made = MadeRecord(scope: "litellm", service: "litellm")

    @Test(arguments: [
        "{'completion_tokens': 53, 'prompt_tokens_details': {'audio_tokens': None, 'cached_tokens': 1024}}",
        "{'completion_tokens': 53, 'prompt_tokens_details': PromptTokensDetailsWrapper(cached_tokens=1024, x=None)}",
        #"{"completion_tokens": 53, "prompt_tokens_details": {"cached_tokens": 1024}}"#,
    ])
    func `cached tokens are told only in the text of its usage object`(_ text: String) throws {
        let call = try #require(
            Self.made.span(
                "litellm_request",
                [
                    "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o-mini",
                    "gen_ai.response.model": "gpt-4o-mini-2024-07-18", "gen_ai.response.id": "chatcmpl-mock1",
                    "gen_ai.usage.input_tokens": 1207, "gen_ai.usage.output_tokens": 53,
                    "gen_ai.cost.total_cost": 0.00013605, "gen_ai.cost.input_cost": 0.00010425,
                    "metadata.usage_object": .string(text), "metadata.user_api_key_team_alias": "growth",
                    "metadata.user_api_key_team_id": "0b6f",
                ]
            )
        )
        #expect(call.service.model == "gpt-4o-mini-2024-07-18")
        #expect(call.metering.total == [.input: 183, .cacheRead: 1024, .output: 53])
        #expect(call.reportedCost == Money(dollars: "0.00013605"))
        #expect(call.names == ["response:chatcmpl-mock1"])
        #expect(call.claims.map(\.value) == ["growth", "0b6f"])
    }

    @Test func `an Anthropic answer has an id of LiteLLM's own, and a request id among hidden parameters`() throws {
        let call = try #require(
            Self.made.span(
                "litellm_request",
                [
                    "llm.request.type": "acompletion", "gen_ai.system": "anthropic",
                    "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 1527,
                    "gen_ai.usage.output_tokens": 59, "litellm.call_id": "c1",
                    "gen_ai.response.id": "chatcmpl-5d0f2f0e-6f1c-4b59-a1f7-0f7d1d3f6e11",
                    "metadata.usage_object": .string(
                        "{'cache_creation_input_tokens': 307, 'cache_read_input_tokens': 1009, "
                            + "'ephemeral_5m_input_tokens': 101, 'ephemeral_1h_input_tokens': 206}"
                    ),
                    "hidden_params":
                        #"{"additional_headers": {"llm_provider-request-id": "req_9"}, "cache_key": null}"#,
                ]
            )
        )
        #expect(
            call.metering.total == [
                .input: 211, .cacheRead: 1009, .cacheWrite5m: 101, .cacheWrite1h: 206, .output: 59,
            ]
        )
        #expect(call.names == ["request:req_9", "litellm:c1"])
    }

    @Test func `zeros of a stream mean that nobody counted, not that it was free`() throws {
        let call = try #require(
            Self.made.span(
                "litellm_request",
                [
                    "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o-mini",
                    "gen_ai.usage.input_tokens": 0, "gen_ai.usage.output_tokens": 0, "gen_ai.cost.total_cost": 0.0,
                ],
                status: 1
            )
        )
        #expect(call.metering.quality == .unmetered)
        #expect(call.metering.parts.isEmpty)
        #expect(call.reportedCost == nil)
    }

    @Test(
        arguments: [
            ["cache_hit": "True"], ["hidden_params": #"{"cache_key": "ab12", "response_cost": 0.1}"#],
        ] as [[String: AttributeValue]]
    )
    func `an answer from its own cache spent nothing, and says what was saved`(_ mark: [String: AttributeValue]) throws
    {
        var attributes = Attributes([
            "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.usage.input_tokens": 1207, "gen_ai.usage.output_tokens": 53, "gen_ai.response.id": "chatcmpl-1",
        ])
        attributes.entries += mark.map { Attributes.Entry($0.key, $0.value) }
        let call = try #require(Self.made.span("litellm_request", attributes))
        #expect(call.isCacheHit)
        #expect(call.metering.quality == .unbilled)
        #expect(call.metering.total == [.input: 1207, .output: 53])
        #expect(call.names.isEmpty)
    }

    @Test func `the proxy's alias is not the model that served`() {
        let call = Self.made.span(
            "Received Proxy Server Request",
            [
                "llm.request.type": "acompletion", "gen_ai.system": "azure", "gen_ai.request.model": "azure/gpt-4o",
                "gen_ai.response.model": "house-default", "gen_ai.usage.input_tokens": 1,
            ]
        )
        #expect(call?.service.provider == "azure")
        #expect(call?.service.model == "gpt-4o")
    }

    @Test func `the raw request is a step`() {
        #expect(Self.made.span("raw_gen_ai_request", ["gen_ai.usage.input_tokens": 5])?.level == .step)
    }
}
