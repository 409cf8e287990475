internal import OutlayCore

/// A year of calls of a middling company, each made from its number: 12 teams, 40 customers, 8 models.
struct Traffic: Sendable {
    static let start = Timestamp(seconds: 1_767_225_600)
    private static let teams = (1...12).map { "team-\($0)" }
    private static let customers = (1...40).map { "customer-\($0)" }
    private static let models = (1...8).map { "model-\($0)" }
    private static let perYear = 10_000_000

    func event(_ number: Int) -> CostEvent {
        let hash = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        let second = Int64(number % Self.perYear) * 31_536_000 / Int64(Self.perYear)
        let at = Self.start.advanced(bySeconds: second)
        let model = Self.models[Int(hash >> 40 & 7)]
        let (input, output) = (Int64(hash >> 20 & 4095), Int64(hash >> 32 & 511))
        let tags: TagSet = [
            .team: Self.teams[Int(hash >> 44) % 12], .customer: Self.customers[Int(hash >> 50) % 40],
            .environment: hash & 3 == 0 ? "development" : "production", .user: "user-\(hash % 50_000)",
        ]
        return CostEvent(
            id: EventID(source: "gateway", id: "call_\(number)"),
            at: at,
            receivedAt: at,
            service: ServiceUse(
                provider: "openai",
                api: "chat.completions",
                upstream: "openai",
                requestedModel: model,
                model: model
            ),
            attribution: Attribution(
                workspace: "default",
                key: "key-\(hash >> 44 & 7)",
                effective: tags,
                claimed: tags,
                origins: tags.map { TagOrigin($0.dimension, from: .header, detail: "x") }
            ),
            metering: Metering(
                parts: [UsagePart(usage: [.input: input, .output: output])],
                quality: .exact,
                raw: #"{"prompt_tokens":\#(input),"completion_tokens":\#(output)}"#
            ),
            rating: Rating(
                lines: [
                    CostLine(unit: .input, model: model, quantity: input, listRate: Rate(picodollars: 2_500_000)),
                    CostLine(unit: .output, model: model, quantity: output, listRate: Rate(picodollars: 10_000_000)),
                ],
                state: .rated,
                version: "2026-11-21"
            ),
            outcome: CallOutcome(status: 200, latencyMicroseconds: Int64(hash >> 10 & 0xFFFFF)),
            links: CallLinks(responseID: "chatcmpl-\(number)", requestID: "req_\(number)")
        )
    }
}
