import OutlayCore

/// One report of a call, of a sum over calls or of a step, in the words all emitters share.
///
/// A profile fills it from its vocabulary and corrects what its emitter is known to get wrong.
struct CallFacts {
    var facts: Facts
    var tokens = TokenConvention.unsaid
    var level = Observation.Level.call
    var authority = Authority.leading
    /// Nothing was spent, whatever is counted: tokens counted in advance, an answer fetched again.
    var isFree = false
    /// The call failed.
    var isFailure = false
    var isNotional = false

    init(_ facts: Facts) {
        self.facts = facts
    }

    var provider: String {
        ServiceNames.provider(
            declared: facts.text(.provider),
            model: facts.text(.model) ?? facts.text(.requestModel)
        ).provider
    }

    /// Which provider served what.
    func service() -> ServiceUse {
        let served = facts.text(.model).map(Self.short)
        let requested = facts.text(.requestModel).map(Self.short)
        let (provider, name) = ServiceNames.provider(declared: facts.text(.provider), model: served ?? requested)
        let api = ServiceNames.api(
            of: provider,
            operation: facts.text(.operation),
            apiType: facts.text(.apiType),
            responseID: facts.text(.responseID)
        )
        return ServiceUse(
            provider: Self.short(provider),
            api: api,
            requestedModel: requested.flatMap { ServiceNames.provider(declared: provider, model: $0).model },
            model: served == nil ? nil : name,
            context: context
        )
    }

    private var context: RatingContext {
        var context = RatingContext()
        switch facts.text(.serviceTier) {
        case "batch": context.processing = "batch"
        case let tier: context.serviceTier = tier.map(Self.short)
        }
        // Every other word is an emitter's name for the plain speed.
        if facts.text(.speed) == "fast" { context.speed = "fast" }
        context.inferenceGeo = facts.text(.inferenceGeo).map(Self.short)
        return context
    }

    /// What was consumed, and how surely that is known: a report without counts is never a count of 0.
    func metering(provider: String) -> Metering {
        var numbers = FactNumbers()
        let reported = ReportedTokens(facts, numbers: &numbers)
        let usage = reported.usage(tokens, writeUnit: .cacheWrite(of: provider), numbers: &numbers)
        var metering = Metering(quality: .exact, flags: numbers.flags)
        if !usage.isEmpty { metering.parts = [UsagePart(usage: usage)] }
        if isFree || facts.isTrue(.isCacheHit) {
            metering.quality = .unbilled
        } else if usage.isEmpty {
            metering.quality = isFailure ? .unbilled : .unmetered
        }
        return metering
    }

    /// What the emitter says it cost; `nil` for a cost of nothing, which means that it knew no price.
    func cost() -> Money? {
        var numbers = FactNumbers()
        let cost = numbers.dollars(facts[.cost]) ?? numbers.dollars(facts[.costMicros], scale: 6)
        return cost == .zero ? nil : cost
    }

    func outcome(start: Timestamp, end: Timestamp) -> CallOutcome {
        var numbers = FactNumbers()
        var outcome = CallOutcome(ending: isFailure ? .providerError : .completed)
        outcome.status = numbers.count(facts[.status]).flatMap { (100..<600).contains($0) ? Int($0) : nil }
        if end > start { outcome.latencyMicroseconds = end.microseconds - start.microseconds }
        outcome.timeToFirstTokenMicroseconds =
            Self.microseconds(facts[.firstTokenSeconds], perUnit: 1_000_000)
            ?? Self.microseconds(facts[.firstTokenMilliseconds], perUnit: 1000)
        outcome.isStream = facts.isTrue(.isStream)
        return outcome
    }

    /// How long it took, in microseconds, where the report says so.
    var duration: Int64? { Self.microseconds(facts[.durationMilliseconds], perUnit: 1000) }

    /// The names under which other reports know the same call.
    func names() -> [String] {
        var names: [String] = []
        if let id = identifier(.responseID) { names.append("response:\(id)") }
        if let id = identifier(.requestID) { names.append("request:\(id)") }
        return names
    }

    /// An id of the provider, unless it is too long to be one.
    func identifier(_ fact: Fact) -> String? {
        facts.text(fact).flatMap { $0.utf8.count <= Self.textMax ? $0 : nil }
    }

    /// The longest name of a model, provider or call that is kept.
    static let textMax = 200

    static func short(_ text: String) -> String {
        text.utf8.count <= textMax ? text : text.cut(toBytes: textMax)
    }

    private static func microseconds(_ value: AttributeValue?, perUnit: Double) -> Int64? {
        let number: Double? =
            switch value {
            case .integer(let number): Double(number)
            case .double(let number): number
            case .string(let text): Double(text)
            case .bool, nil: nil
            }
        // A day: longer than any call.
        guard let number, number.isFinite, number > 0, number * perUnit < 86_400_000_000 else { return nil }
        return Int64(number * perUnit)
    }
}

extension String {
    /// The longest beginning of whole characters that fits.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = startIndex
        var bytes = 0
        while end < endIndex {
            bytes += self[end].utf8.count
            guard bytes <= limit else { break }
            end = index(after: end)
        }
        return String(self[..<end])
    }
}
