extension Vocabulary {
    /// The words that most emitters share: the GenAI conventions, old and new, and their usual neighbours.
    static let genAI = Vocabulary([
        (
            .input,
            [
                "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt",
                "ai.usage.inputTokens", "ai.usage.promptTokens", "llm.usage.prompt_tokens", "ai.usage.tokens",
                "gen_ai.aggregated_usage.input_tokens",
            ]
        ),
        (
            .output,
            [
                "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion",
                "ai.usage.outputTokens", "ai.usage.completionTokens", "llm.usage.completion_tokens",
                "gen_ai.aggregated_usage.output_tokens",
            ]
        ),
        (
            .total,
            [
                "gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens",
                "gen_ai.client.token.usage",
            ]
        ),
        (.cacheRead, cacheReadNames),
        (.cacheWrite, cacheWriteNames),
        (.cacheWrite5m, lifetime("5m")),
        (.cacheWrite1h, lifetime("1h")),
        (.reasoning, reasoningNames),
        (
            .inputAudio,
            [
                "gen_ai.usage.input_audio_tokens", "llm.token_count.prompt_details.audio",
                "gen_ai.usage.details.input_audio_tokens",
            ]
        ),
        (.cacheReadAudio, ["gen_ai.usage.details.cache_audio_read_tokens"]),
        (
            .outputAudio,
            [
                "gen_ai.usage.output_audio_tokens", "llm.token_count.completion_details.audio",
                "gen_ai.usage.details.output_audio_tokens",
            ]
        ),
        (.aggregatedUsage, ["gen_ai.aggregated_usage.input_tokens", "gen_ai.aggregated_usage.output_tokens"]),
        (
            .cost,
            [
                "gen_ai.cost.total_cost", "operation.cost", "gen_ai.usage.cost", "llm.cost.total",
                "gen_ai.usage.total_cost", "gen_ai.usage.cost_usd", "llm.usage.total_cost", "litellm.cost.total",
                "cost_usd", "totalCost",
            ]
        ),
        (.costMicros, ["cost_usd_micros"]),
        (.provider, ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "ai.model.provider", "llm.system"]),
        (.apiType, ["openai.api.type"]),
        (.operation, ["gen_ai.operation.name", "llm.request.type", "ai.operationId"]),
        (.kind, ["openinference.span.kind", "traceloop.span.kind", "langsmith.span.kind"]),
        (
            .model,
            [
                "gen_ai.response.model", "ai.response.model", "llm.response.model_name", "llm.response.model",
                "llm.model_name", "embedding.model_name", "reranker.model_name", "langfuse.observation.model.name",
            ]
        ),
        (
            .requestModel,
            ["gen_ai.request.model", "llm.request.model_name", "llm.request.model", "ai.model.id", "model"]
        ),
        (.responseID, ["gen_ai.response.id", "ai.response.id", "llm.response.id"]),
        (.requestID, ["anthropic.request.id", "openai.response.request_id", "request_id"]),
        (
            .serviceTier,
            [
                "openai.response.service_tier", "anthropic.response.service_tier",
                "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier",
            ]
        ),
        (.speed, ["anthropic.response.speed", "gen_ai.response.speed"]),
        (.inferenceGeo, ["anthropic.response.inference_geo"]),
        (.status, ["http.response.status_code", "http.status_code", "status_code"]),
        (.errorType, ["error.type"]),
        (.firstTokenSeconds, ["gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token"]),
        (.firstTokenMilliseconds, ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk", "ttft_ms"]),
        (.durationMilliseconds, ["duration_ms"]),
        (
            .isStream,
            ["gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming", "gen_ai.request.streaming", "stream"]
        ),
        (.isCacheHit, ["cache_hit", "metadata.cache_hit", "litellm.cache_hit", "gen_ai.cache_hit"]),
        (.tool, ["gen_ai.tool.name", "tool.name", "ai.toolCall.name", "tool_name"]),
    ])

    private static let cacheReadNames =
        [
            "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.cache_read_tokens", "gen_ai.usage.details.cache_read_tokens",
            "gen_ai.usage.details.cache_read_input_tokens", "llm.token_count.prompt_details.cache_read",
            "ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens",
            "llm.usage.cache_read_input_tokens", "gen_ai.aggregated_usage.cache_read.input_tokens",
            "gen_ai.aggregated_usage.details.cache_read_tokens",
        ]

    private static let cacheWriteNames =
        [
            "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
            "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens",
            "gen_ai.usage.cache_write_tokens", "gen_ai.usage.details.cache_write_tokens",
            "gen_ai.usage.details.cache_creation_input_tokens", "llm.token_count.prompt_details.cache_write",
            "llm.token_count.prompt_details.cache_input", "ai.usage.inputTokenDetails.cacheWriteTokens",
            "llm.usage.cache_creation_input_tokens", "gen_ai.aggregated_usage.cache_write.input_tokens",
            "gen_ai.aggregated_usage.cache_creation.input_tokens", "gen_ai.aggregated_usage.details.cache_write_tokens",
        ]

    private static let reasoningNames =
        [
            "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "gen_ai.usage.thinking_tokens",
            "gen_ai.usage.details.reasoning_tokens", "gen_ai.usage.details.thoughts_tokens",
            "llm.token_count.completion_details.reasoning", "ai.usage.reasoningTokens",
            "ai.usage.outputTokenDetails.reasoningTokens", "codex.usage.reasoning_output_tokens",
            "llm.usage.reasoning_tokens", "gen_ai.aggregated_usage.details.reasoning_tokens",
        ]

    private static func lifetime(_ time: String) -> [String] {
        [
            "anthropic.usage.cache_creation.ephemeral_\(time)_input_tokens",
            "gen_ai.usage.cache_creation.ephemeral_\(time)_input_tokens",
            "gen_ai.usage.details.ephemeral_\(time)_input_tokens",
            "gen_ai.aggregated_usage.details.ephemeral_\(time)_input_tokens",
        ]
    }
}
