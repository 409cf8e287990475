import OutlayCore
import OutlayWire
import Testing

/// Emitters of whom there is no recording here, by what is known of their sources.
@Suite struct MadeEmitterTests {
    @Test(
        arguments: [
            [
                "tokensIn": 211, "tokensOut": 59, "cacheReadTokens": 1009, "cacheWriteTokens": 307,
                "totalCost": 0.00343545,
            ],
            [
                "tokens_in": "211", "tokens_out": "59", "cached_tokens": 1009, "cache_write_tokens": 307,
                "cost": "0.00343545",
            ],
        ] as [[String: AttributeValue]]
    )
    func `Cline counts in disjoint buckets, by either spelling`(_ counts: [String: AttributeValue]) throws {
        var attributes = Attributes()
        attributes.entries = counts.map { Attributes.Entry($0.key, $0.value) }
        attributes.entries.append(Attributes.Entry("model", "claude-sonnet-4-5"))
        attributes.entries.append(Attributes.Entry("provider", "anthropic"))
        attributes.entries.append(Attributes.Entry("ulid", "01TASK"))
        let call = try #require(MadeRecord(scope: "cline").log(body: "task.tokens", attributes))
        #expect(
            call.line == "cline leading anthropic/messages claude-sonnet-4-5: \(RecordedEmitterTests.Truth.unsplit)"
        )
        #expect(call.reportedCost == Money(dollars: "0.00343545"))
        #expect(call.claims == [TelemetryClaim(.run, "01TASK", reach: .resource, attribute: "ulid")])
        #expect(MadeRecord(scope: "cline").log(body: "task.completed", ["tokensIn": 9]) == nil)
    }

    @Test func `Qwen Code's logs, and the spans it makes of them, are one call`() throws {
        let made = MadeRecord(scope: "qwen-code", service: "qwen-code")
        let attributes: KeyValuePairs<String, AttributeValue> = [
            "event.name": "qwen-code.api_response", "event.timestamp": "2026-11-21T01:00:00.000Z", "session.id": "s1",
            "model": "qwen3-coder-plus", "input_token_count": 1207, "output_token_count": 53,
            "cached_content_token_count": 1024, "thoughts_token_count": 17, "total_token_count": 1260,
            "auth_type": "qwen-oauth", "role": "user",
        ]
        let log = try #require(made.log(attributes))
        let span = try #require(made.span("API response", attributes))
        #expect(log.line == "qwen-code leading unknown/unknown qwen3-coder-plus: \(RecordedEmitterTests.Truth.openAI)")
        #expect(span.line == log.line)
        #expect(span.names == log.names)
        #expect(log.isNotional)
        #expect(!log.claims.contains { $0.dimension == .role })
    }

    @Test func `thoughts that a total counts beside the answer are added to it`() throws {
        let call = try #require(
            MadeRecord(scope: "qwen-code", service: "qwen-code").log([
                "event.name": "qwen-code.api_response", "model": "gemini-2.5-flash", "input_token_count": 1213,
                "output_token_count": 61, "cached_content_token_count": 1031, "thoughts_token_count": 19,
                "total_token_count": 1293,
            ])
        )
        #expect(call.metering.total == [.input: 182, .cacheRead: 1031, .output: 80])
    }

    @Test(arguments: [
        ("ai.streamText.doStream", Observation.Level.call), ("ai.streamText", .aggregate),
        ("ai.generateText.doGenerate", .call), ("ai.generateText", .aggregate),
    ])
    func `of Vercel's older spans the innermost is the call`(_ row: (operation: String, level: Observation.Level))
        throws
    {
        let span = try #require(
            MadeRecord(scope: "ai", service: "opencode").span(
                row.operation,
                [
                    "ai.operationId": .string(row.operation), "ai.model.provider": "openai.responses",
                    "ai.model.id": "gpt-4o-mini", "ai.usage.inputTokens": 1207, "ai.usage.outputTokens": 53,
                    "ai.usage.cachedInputTokens": 1024, "ai.usage.totalTokens": 1260,
                    "ai.telemetry.metadata.userId": "user-42", "ai.telemetry.functionId": "session.llm",
                ]
            )
        )
        #expect(span.level == row.level)
        #expect(span.emitter == "vercel-ai")
        #expect(span.service.api == "responses")
        #expect(span.metering.total == [.input: 183, .cacheRead: 1024, .output: 53])
        #expect(span.claims.map(\.dimension) == [.user, .agent])
    }

    @Test(arguments: [("chat", Observation.Level.call), ("agent_step", .aggregate), ("invoke_agent", .aggregate)])
    func `of Vercel's three newer spans only chat is the call`(_ row: (operation: String, level: Observation.Level)) {
        let span = MadeRecord(scope: "@ai-sdk/otel").span(
            "\(row.operation) gpt-4o-mini",
            [
                "gen_ai.operation.name": .string(row.operation), "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o-mini", "gen_ai.usage.input_tokens": 1207,
                "gen_ai.usage.output_tokens": 53, "gen_ai.usage.cache_read.input_tokens": 1024,
            ]
        )
        #expect(span?.level == row.level)
        #expect(span?.metering.total == [.input: 183, .cacheRead: 1024, .output: 53])
    }

    @Test func `a tool is a step that names it`() throws {
        let legacy = MadeRecord(scope: "ai").span(
            "ai.toolCall",
            ["ai.operationId": "ai.toolCall", "ai.toolCall.name": "search"]
        )
        let plain = MadeRecord(scope: "house").span("execute_tool search", ["gen_ai.operation.name": "execute_tool"])
        let claw = MadeRecord(scope: "openclaw").span("openclaw.tool.execution", ["openclaw.toolName": "search"])
        for step in [legacy, plain, claw] {
            #expect(step?.level == .step)
            #expect(step?.tool == "search")
        }
        let waiting = MadeRecord(scope: "com.anthropic.claude_code.tracing").span(
            "claude_code.tool.blocked_on_user",
            ["tool_name": "Bash"]
        )
        #expect(waiting?.tool == nil)
    }

    @Test func `Strands says everything twice, and of whom it is only the model tells`() throws {
        let made = MadeRecord(scope: "strands.telemetry.tracer")
        let usage: KeyValuePairs<String, AttributeValue> = [
            "gen_ai.operation.name": "chat", "gen_ai.system": "strands-agents",
            "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.prompt_tokens": 1527,
            "gen_ai.usage.input_tokens": 1527, "gen_ai.usage.completion_tokens": 59,
            "gen_ai.usage.output_tokens": 59, "gen_ai.usage.total_tokens": 1586,
            "gen_ai.usage.cache_read_input_tokens": 1009, "gen_ai.usage.cache_write_input_tokens": 307,
            "gen_ai.server.time_to_first_token": 90,
        ]
        let call = try #require(made.span("chat", usage))
        #expect(
            call.line == "strands leading anthropic/messages claude-sonnet-4-5: \(RecordedEmitterTests.Truth.unsplit)"
        )
        #expect(call.outcome.timeToFirstTokenMicroseconds == 90_000)
        let agent = made.span(
            "invoke_agent",
            [
                "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 1527,
                "gen_ai.usage.output_tokens": 59,
            ]
        )
        #expect(agent?.level == .aggregate)
        let cycle = made.span("execute_event_loop_cycle", ["gen_ai.operation.name": "execute_event_loop_cycle"])
        #expect(cycle?.level == .step)
    }

    @Test func `Strands on Bedrock counts caches beside the prompt, which the total shows`() {
        let call = MadeRecord(scope: "strands.telemetry.tracer").span(
            "chat",
            [
                "gen_ai.operation.name": "chat", "gen_ai.request.model": "us.anthropic.claude-sonnet-5-5",
                "gen_ai.usage.input_tokens": 2000, "gen_ai.usage.output_tokens": 59, "gen_ai.usage.total_tokens": 3068,
                "gen_ai.usage.cache_read_input_tokens": 1009,
            ]
        )
        #expect(call?.service.provider == "aws")
        #expect(call?.metering.total == [.input: 2000, .cacheRead: 1009, .output: 59])
    }

    @Test func `LangSmith's details are Python texts, or JSON among the metadata`() throws {
        let made = MadeRecord(scope: "langsmith")
        let common: [(String, AttributeValue)] = [
            ("langsmith.span.kind", "llm"), ("gen_ai.operation.name", "chat"), ("gen_ai.system", "langchain"),
            ("langsmith.metadata.ls_model_name", "gpt-4o-mini"), ("langsmith.trace.session_name", "support"),
            ("langsmith.metadata.team", "marketing"), ("gen_ai.usage.input_tokens", 1207),
            ("gen_ai.usage.output_tokens", 53), ("gen_ai.usage.total_tokens", 1260),
        ]
        let details: [(String, AttributeValue)] = [
            ("gen_ai.usage.input_token_details", "{'audio': 0, 'cache_read': 1024}"),
            (
                "langsmith.metadata.usage_metadata",
                #"{"input_tokens":1207,"input_token_details":{"cache_read":1024},"output_tokens":53}"#
            ),
        ]
        for detail in details {
            var attributes = Attributes()
            attributes.entries = (common + [detail]).map { Attributes.Entry($0.0, $0.1) }
            let call = try #require(made.span("ChatOpenAI", attributes))
            #expect(
                call.line
                    == "langsmith leading openai/chat.completions gpt-4o-mini: \(RecordedEmitterTests.Truth.openAI)"
            )
            #expect(call.claims.map(\.dimension) == [.team, .project])
        }
        let chain = made.span("RunnableSequence", ["langsmith.span.kind": "chain", "gen_ai.usage.input_tokens": 1207])
        #expect(chain?.level == .aggregate)
        #expect(
            made.span("retrieve", ["langsmith.span.kind": "retriever", "gen_ai.operation.name": "embeddings"])?.level
                == .step
        )
    }

    @Test func `goose's turn sums up the calls in it`() {
        let made = MadeRecord(scope: "goose", service: "goose")
        let usage: KeyValuePairs<String, AttributeValue> = [
            "gen_ai.usage.input_tokens": 1527, "gen_ai.usage.output_tokens": 59,
            "gen_ai.usage.cache_read.input_tokens": 1009, "gen_ai.usage.cache_creation.input_tokens": 307,
            "gen_ai.response.model": "claude-sonnet-4-5-20250929",
        ]
        #expect(made.span("turn", usage)?.level == .aggregate)
        #expect(
            made.span("complete", usage)?.line
                == "goose leading anthropic/messages claude-sonnet-4-5-20250929: \(RecordedEmitterTests.Truth.unsplit)"
        )
    }

    @Test func `OpenClaw's turn of another agent's command line is a sum, its request a call`() {
        let made = MadeRecord(scope: "openclaw")
        for (unit, level) in [("turn", Observation.Level.aggregate), ("request", .call)] {
            let span = made.span(
                "chat claude-sonnet-4-5",
                [
                    "openclaw.model_call.observation_unit": .string(unit), "openclaw.provider": "claude-cli",
                    "openclaw.model": "claude-sonnet-4-5", "gen_ai.usage.input_tokens": 1527,
                    "gen_ai.usage.output_tokens": 59, "gen_ai.usage.cache_read.input_tokens": 1009,
                    "openclaw.client.teamId": "growth",
                ]
            )
            #expect(span?.level == level)
            #expect(span?.service.provider == "anthropic")
            #expect(span?.claims.first?.dimension == .team)
        }
        let run = made.span(
            "openclaw.model.usage",
            ["openclaw.tokens.input": 422, "openclaw.tokens.cache_read": 2018],
            parent: 9
        )
        #expect(run?.metering.total == [.input: 422, .cacheRead: 2018])
        #expect(run?.place == .ofParent(9, trace: 5))
    }

    @Test func `a span from a scope nobody knows is read by the attributes only one emitter writes`() {
        let made = MadeRecord(scope: "our.tracer")
        let owners: [(String, KeyValuePairs<String, AttributeValue>)] = [
            ("openinference", ["openinference.span.kind": "LLM", "llm.token_count.prompt": 1]),
            ("langfuse", ["langfuse.observation.type": "generation"]),
            ("vercel-ai", ["ai.operationId": "ai.generateText.doGenerate"]),
            ("openllmetry", ["traceloop.span.kind": "workflow"]),
            ("litellm", ["litellm.call_id": "1"]), ("langsmith", ["langsmith.span.kind": "llm"]),
            ("otel-genai", ["gen_ai.operation.name": "chat"]),
        ]
        for (name, attributes) in owners { #expect(made.span("x", attributes)?.emitter == name) }
    }
}
