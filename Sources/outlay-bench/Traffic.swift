internal import OutlayCore

/// A year of calls of a middling company, each made from its number.
///
/// 2,400 series: 12 teams with two environments, four models and 25 customers each. A few of them make most of the
/// calls, and most calls are made in eight working hours a day.
struct Traffic: Sendable {
    static let start = Timestamp(seconds: 1_767_225_600)
    private static let perYear = 10_000_000

    func event(_ number: Int) -> CostEvent {
        let hash = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        let at = Self.start.advanced(bySeconds: Self.second(of: number))
        let call = CallID(bits: UInt128(UInt64(at.microseconds / 1000)) << 80 | UInt128(hash))
        // The square of a uniform number below one is small more often than not.
        let uniform = hash >> 44
        let series = (Int((uniform * uniform) >> 20) * 2400) >> 20
        let (team, model, customer) = (series % 12, series / 12 % 4, series / 48 % 25)
        let modelName = "model-\((team + model) % 8)"
        let (input, output) = (Int64(hash >> 20 & 4095), Int64(hash >> 32 & 511))
        let tags: TagSet = [
            .team: "team-\(team)", .customer: "customer-\(team)-\(customer)",
            .environment: series / 1200 == 0 ? "production" : "development", .user: "user-\(hash % 5000)",
        ]
        return CostEvent(
            id: .gateway(call),
            at: at,
            receivedAt: at,
            service: ServiceUse(
                provider: "openai",
                api: "chat.completions",
                upstream: "openai",
                requestedModel: modelName,
                model: modelName
            ),
            attribution: Attribution(
                workspace: "default",
                key: "key-\(team)",
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
                    CostLine(unit: .input, model: modelName, quantity: input, listRate: Rate(picodollars: 2_500_000)),
                    CostLine(
                        unit: .output,
                        model: modelName,
                        quantity: output,
                        listRate: Rate(picodollars: 10_000_000)
                    ),
                ],
                state: .rated,
                version: "2026-11-21"
            ),
            outcome: CallOutcome(status: 200, latencyMicroseconds: Int64(hash >> 10 & 0xFFFFF)),
            links: CallLinks(call: call, responseID: "chatcmpl-\(number)", requestID: "req_\(number)")
        )
    }

    /// Calls come in the order of their time; nine of ten fall into the eight hours from 08:00 UTC.
    private static func second(of number: Int) -> Int64 {
        let perDay = perYear / 365
        // A thirtieth of a day's calls come before 08:00, another one after 16:00.
        let part = Int64(number % perYear % perDay)
        let (day, calls, hours) = (Int64(number % perYear / perDay), Int64(perDay), Int64(28_800))
        let ofDay =
            if part * 30 < calls {
                part * 30 * hours / calls
            } else if part * 30 < calls * 29 {
                hours + (part * 30 - calls) * hours / (calls * 28)
            } else { 2 * hours + (part * 30 - calls * 29) * hours / calls }
        return day * 86_400 + ofDay
    }
}
