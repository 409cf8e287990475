/// What a price book says, before it is made ready for look-ups.
package struct BookContents: Hashable, Sendable {
    /// The day the facts were true, `2026-11-21`.
    package var version: String
    /// Circumstances that mean the same at every provider.
    package var context: [ContextRule]
    package var providers: [BookProvider]
    package var models: [BookModel]
    package var redirects: [ModelRedirect]

    package init(
        version: String,
        context: [ContextRule] = [],
        providers: [BookProvider] = [],
        models: [BookModel] = [],
        redirects: [ModelRedirect] = []
    ) {
        self.version = version
        self.context = context
        self.providers = providers
        self.models = models
        self.redirects = redirects
    }
}

/// What holds for all models of one provider.
package struct BookProvider: Hashable, Sendable {
    package var name: String
    package var aliases: [String]
    /// The provider whose models this one sells at the same list prices (`azure` sells `openai`'s).
    package var like: String?
    /// Whether models are also named by paths and ARNs that end in the name (`models/gemini-2.5-pro`).
    package var hasPathNames: Bool
    /// Fees of every model that names no fee of its own.
    package var fees: [UsageUnit: Rate]
    /// Units that are reported and never billed.
    package var free: Set<UsageUnit>
    package var context: [ContextRule]
    package var apis: [ApiRule]

    package init(name: String, aliases: [String] = [], like: String? = nil) {
        self.name = name
        self.aliases = aliases
        self.like = like
        hasPathNames = false
        fees = [:]
        free = []
        context = []
        apis = []
    }
}

/// One model and all its prices over time.
package struct BookModel: Hashable, Sendable {
    package var provider: String
    package var name: String
    /// Other names and patterns of names.
    package var names: [NamePattern]
    /// Names that ``names`` would match and that are other models.
    package var exceptions: [NamePattern]
    /// By rising ``DatedPrice/from``.
    package var prices: [DatedPrice]
    /// The least that one request is billed for, per unit (Groq bills at least ten seconds of audio).
    package var minimums: [UsageUnit: Int64]
    /// The most output tokens one answer can have, reasoning included; `nil` where nobody says.
    package var maxOutputTokens: Int64?
    /// The day after which the provider no longer serves it.
    package var retires: CivilDate?

    package init(provider: String, name: String, names: [NamePattern] = [], prices: [DatedPrice]) {
        self.provider = provider
        self.name = name
        self.names = names
        exceptions = []
        self.prices = prices
        minimums = [:]
        maxOutputTokens = nil
        retires = nil
    }

    /// The price in force at `time`; `nil` before the first one.
    package func price(at time: Timestamp) -> DatedPrice? {
        priceIndex(at: time).map { prices[$0] }
    }

    func priceIndex(at time: Timestamp) -> Int? {
        var index = prices.count - 1
        while index >= 0 {
            guard let from = prices[index].from, time < from else { return index }
            index -= 1
        }
        return nil
    }
}

/// The prices of one model from one instant until the next entry's.
package struct DatedPrice: Hashable, Sendable {
    /// `nil`: since the model exists.
    package var from: Timestamp?
    package var standard: RateTable
    /// Other ways to be served, by name: `batch`, `flex`, `priority`, `fast`, `ultrafast`.
    package var modes: [String: RateTable]
    package var windows: [PriceWindow]
    package var fees: [UsageUnit: Rate]
    /// Whether it is the operator's own price, which holds for every mode.
    package var isOwn: Bool

    package init(
        from: Timestamp? = nil,
        standard: RateTable,
        modes: [String: RateTable] = [:],
        windows: [PriceWindow] = [],
        fees: [UsageUnit: Rate] = [:],
        isOwn: Bool = false
    ) {
        self.from = from
        self.standard = standard
        self.modes = modes
        self.windows = windows
        self.fees = fees
        self.isOwn = isOwn
    }

    /// The rates of a whole request of `promptTokens` in `mode` at `time`; `nil` when the book has no price for it.
    func rates(mode: String?, at time: Timestamp, promptTokens: @autoclosure () -> Int64) -> [UsageUnit: Rate]? {
        if let mode, !isOwn { return modes[mode]?.rates(promptTokens: promptTokens()) }
        if !windows.isEmpty, let window = windows.first(where: { $0.contains(time) }) {
            return window.table.rates(promptTokens: promptTokens())
        }
        return standard.rates(promptTokens: promptTokens())
    }
}

/// Hours of some days with rates of their own, in UTC (DeepSeek's peak).
package struct PriceWindow: Hashable, Sendable {
    package var name: String
    /// Minutes of the day, end excluded.
    package var spans: [Range<Int>]
    /// ISO weekdays: 1 is Monday.
    package var weekdays: Set<Int>
    /// Days without the window.
    package var holidays: Set<CivilDate>
    package var table: RateTable

    package init(name: String, spans: [Range<Int>], weekdays: Set<Int>, holidays: Set<CivilDate>, table: RateTable) {
        self.name = name
        self.spans = spans
        self.weekdays = weekdays
        self.holidays = holidays
        self.table = table
    }

    package func contains(_ time: Timestamp) -> Bool {
        let date = CivilDate(utc: time)
        let (sinceMidnight, overflow) = time.microseconds.subtractingReportingOverflow(date.startUTC.microseconds)
        let minute = Int(sinceMidnight / 60_000_000)
        return !overflow && spans.contains { $0.contains(minute) } && weekdays.contains(date.weekday)
            && !holidays.contains(date)
    }
}

/// A name that another model answers to from a day on.
package struct ModelRedirect: Hashable, Sendable {
    package var provider: String
    package var alias: String
    package var model: String
    package var from: Timestamp

    package init(provider: String, alias: String, model: String, from: Timestamp) {
        self.provider = provider
        self.alias = alias
        self.model = model
        self.from = from
    }
}

/// How one API bills otherwise than the rest (the Decisions API bills its input only).
package struct ApiRule: Hashable, Sendable {
    package var api: String
    /// Units that count as another one.
    package var countsAs: [UsageUnit: UsageUnit]
    package var free: Set<UsageUnit>

    package init(api: String, countsAs: [UsageUnit: UsageUnit], free: Set<UsageUnit>) {
        self.api = api
        self.countsAs = countsAs
        self.free = free
    }
}
