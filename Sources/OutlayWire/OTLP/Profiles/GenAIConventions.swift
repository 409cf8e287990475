/// Whoever follows OpenTelemetry's conventions for generative AI, old names and new, and is nobody special.
struct GenAIConventions: ConventionProfile {
    let name = "otel-genai"
    let bodies = ["gen_ai.client.inference.operation.details"]

    func recognises(_ context: RecordContext) -> Bool { true }
}
