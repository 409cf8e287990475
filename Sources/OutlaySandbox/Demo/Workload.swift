import OutlayCore

/// A kind of work somebody in the make-believe company has AI do.
struct Workload: Sendable {
    /// When in a week the work happens, in UTC.
    enum Rhythm: Sendable {
        /// Office hours, little at weekends.
        case office
        /// Customers: all week, more by day.
        case customers
        /// Jobs at night.
        case nightly
    }

    /// Whose sizes the calls have.
    enum Shape: Sendable {
        case conversation
        /// An agent's turns: code-sized answers over a context that is mostly read from cache.
        case agent(contextFactor: Int64, cachedPercent: Int64)
        case code
        case embedding
    }

    struct Model: Sendable {
        let provider: String
        let api: String
        let name: String
        /// Its share of the workload's calls.
        let weight: Int
        /// What was called before this model was there.
        var predecessor: Predecessor?

        func name(at time: Timestamp) -> String {
            predecessor.flatMap { time < $0.until ? $0.name : nil } ?? name
        }
    }

    struct Predecessor: Sendable {
        let name: String
        let until: Timestamp
    }

    let tags: TagSet
    let rhythm: Rhythm
    let shape: Shape
    let models: [Model]
    /// Share of all calls, in thousandths.
    let share: Int
    /// Percent of calls in production; the rest are half staging, half development.
    let productionPercent: Int
    let hasCustomers: Bool
    let users: [String]

    init(
        _ tags: TagSet,
        _ rhythm: Rhythm,
        _ shape: Shape,
        share: Int,
        models: [Model],
        people: (productionPercent: Int, hasCustomers: Bool, users: [String]) = (100, false, [])
    ) {
        self.tags = tags
        self.rhythm = rhythm
        self.shape = shape
        self.share = share
        self.models = models
        productionPercent = people.productionPercent
        hasCustomers = people.hasCustomers
        users = people.users
    }

    /// How much of this work falls into an hour, 100 being a busy one and weekday 0 Sunday.
    func activity(weekday: Int, hour: Int) -> Int {
        let isWeekend = weekday == 0 || weekday == 6
        switch rhythm {
        case .office: return (Self.officeHours[hour] * (isWeekend ? 6 : 100)) / 100
        case .customers: return (Self.customerHours[hour] * (isWeekend ? 55 : 100)) / 100
        case .nightly: return (0..<5).contains(hour) ? 100 : 2
        }
    }

    private static let officeHours = [
        1, 1, 0, 0, 1, 4, 18, 52, 85, 100, 98, 80, 62, 84, 97, 92, 76, 50, 26, 14, 9, 6, 4, 2,
    ]
    private static let customerHours = [
        22, 17, 14, 13, 15, 22, 36, 55, 74, 86, 92, 90, 84, 88, 95, 100, 98, 90, 80, 72, 62, 50, 38, 28,
    ]
}

/// The make-believe company: six teams and what they use.
enum Company {
    /// How many times its usual calls the runaway agent makes in each hour of its accident.
    static let runawayFactor = 90
    static let runawayAgent = "web-crawler"

    /// Customers, the biggest first: customer `n` makes 1/n of the calls the first one does.
    static let customers = [
        "alder-bank", "birch-air", "cedar-retail", "dogwood-energy", "elm-insurance", "fir-logistics", "ginkgo-health",
        "hazel-media", "ivy-telecom", "juniper-foods", "larch-mobility", "maple-homes",
    ]

    static let workloads: [Workload] = [
        Workload(
            [.team: "support", .project: "helpdesk", .feature: "answer", .agent: "support-bot"],
            .customers,
            .conversation,
            share: 270,
            models: [sonnet(50), haiku(30), geminiFlash(20)],
            people: (92, true, [])
        ),
        Workload(
            [.team: "support", .project: "helpdesk", .feature: "triage"],
            .customers,
            .code,
            share: 110,
            models: [luna(60), haiku(40)],
            people: (96, true, [])
        ),
        Workload(
            [.team: "platform", .project: "copilot", .feature: "build", .agent: "coder"],
            .office,
            .agent(contextFactor: 9, cachedPercent: 82),
            share: 170,
            models: [opus(30), sol(40), sonnet(30)],
            people: (0, false, ["ana", "bo", "chen", "dara", "eli", "femi", "gita", "hugo"])
        ),
        Workload(
            [.team: "platform", .project: "copilot", .feature: "review", .agent: "reviewer"],
            .office,
            .agent(contextFactor: 5, cachedPercent: 64),
            share: 80,
            models: [sol(55), sonnet(45)],
            people: (70, false, ["ana", "bo", "chen", "dara"])
        ),
        Workload(
            [.team: "growth", .project: "campaigns", .feature: "copy"],
            .office,
            .conversation,
            share: 90,
            models: [mini(50), mistral(50)],
            people: (60, false, ["ines", "jon", "kaya"])
        ),
        Workload(
            [.team: "growth", .project: "personalise", .feature: "recommend"],
            .customers,
            .code,
            share: 90,
            models: [luna(45), deepseek(55)],
            people: (97, true, [])
        ),
        Workload(
            [.team: "research", .project: "market-watch", .feature: "crawl", .agent: "web-crawler"],
            .nightly,
            .agent(contextFactor: 6, cachedPercent: 35),
            share: 25,
            models: [geminiPro(60), sol(40)]
        ),
        Workload(
            [.team: "research", .project: "briefings", .feature: "summarise", .agent: "analyst"],
            .office,
            .agent(contextFactor: 4, cachedPercent: 20),
            share: 45,
            models: [geminiPro(70), opus(30)],
            people: (40, false, ["lea", "moss"])
        ),
        Workload(
            [.team: "data", .project: "search", .feature: "index"],
            .nightly,
            .embedding,
            share: 80,
            models: [embedding(100)],
            people: (90, false, [])
        ),
        Workload(
            [.team: "finance", .project: "closing", .feature: "extract", .agent: "invoice-reader"],
            .office,
            .conversation,
            share: 40,
            models: [geminiFlash(60), mini(40)],
            people: (85, false, ["nia", "omar"])
        ),
    ]

    /// Released on 29 September 2026.
    private static func sol(_ weight: Int) -> Workload.Model {
        var sol = openai("responses", "gpt-6.1-sol", weight)
        sol.predecessor = Workload.Predecessor(name: "gpt-5.6-sol", until: Timestamp(seconds: 1_790_640_000))
        return sol
    }
    private static func luna(_ weight: Int) -> Workload.Model { openai("chat.completions", "gpt-6-luna", weight) }
    private static func mini(_ weight: Int) -> Workload.Model { openai("chat.completions", "gpt-5-mini", weight) }
    private static func embedding(_ weight: Int) -> Workload.Model {
        openai("embeddings", "text-embedding-3-small", weight)
    }
    private static func openai(_ api: String, _ name: String, _ weight: Int) -> Workload.Model {
        Workload.Model(provider: "openai", api: api, name: name, weight: weight)
    }
    private static func opus(_ weight: Int) -> Workload.Model { anthropic("claude-opus-5-5", weight) }
    private static func sonnet(_ weight: Int) -> Workload.Model { anthropic("claude-sonnet-5-5", weight) }
    private static func haiku(_ weight: Int) -> Workload.Model { anthropic("claude-haiku-5-5", weight) }
    private static func anthropic(_ name: String, _ weight: Int) -> Workload.Model {
        Workload.Model(provider: "anthropic", api: "messages", name: name, weight: weight)
    }
    private static func geminiFlash(_ weight: Int) -> Workload.Model { google("gemini-3.8-flash", weight) }
    private static func geminiPro(_ weight: Int) -> Workload.Model { google("gemini-3.1-pro-preview", weight) }
    private static func google(_ name: String, _ weight: Int) -> Workload.Model {
        Workload.Model(provider: "google", api: "generateContent", name: name, weight: weight)
    }
    private static func mistral(_ weight: Int) -> Workload.Model {
        Workload.Model(provider: "mistral", api: "chat.completions", name: "mistral-large-4", weight: weight)
    }
    /// Released on 10 September 2026.
    private static func deepseek(_ weight: Int) -> Workload.Model {
        Workload.Model(
            provider: "deepseek",
            api: "chat.completions",
            name: "deepseek-flash",
            weight: weight,
            predecessor: Workload.Predecessor(name: "deepseek-v4-flash", until: Timestamp(seconds: 1_788_998_400))
        )
    }
}
