import OutlayCore

/// How the points of a metric are read.
struct CounterFacts {
    var role: CounterReading.Role
    var service: ServiceUse
    /// The attribute that tells the kinds of tokens of one group apart.
    var tokenType: String?
    var authority = Authority.counter
    var isNotional = false
    /// Each measurement of the histogram is one call.
    var countsCalls = true
    /// The value counts this part of a dollar or token: 6 for millionths.
    var scale = 0

    init(_ role: CounterReading.Role, of service: ServiceUse, tokenType: String? = nil) {
        self.role = role
        self.service = service
        self.tokenType = tokenType
    }
}

extension RecordReading {
    /// The most that a counter can have come to; more is a mistake.
    private static let countMax: Int64 = 1_000_000_000_000_000

    /// A point as a counter's reading; its value is 0 where the point has none that can be read, which
    /// ``refusal(of:_:)`` says.
    func counter(_ point: PointRecord, _ facts: CounterFacts, by profile: some EmitterProfile) -> CounterPoint {
        let isHistogram = point.shape == .histogram || point.shape == .exponentialHistogram
        let group = CounterGroup(
            emitter: profile.name,
            authority: facts.authority,
            service: facts.service,
            claims: claims(of: point.attributes, isInTrace: false),
            instance: instance(of: point.attributes, by: profile),
            isNotional: facts.isNotional
        )
        let reading = CounterReading(
            group: self.group(of: point, without: facts.tokenType, emitter: profile.name),
            role: facts.role,
            temporality: point.temporality == 1 ? .delta : .cumulative,
            start: point.start,
            time: point.time,
            value: Self.value(of: point, facts) ?? 0,
            calls: isHistogram && facts.countsCalls ? point.count.flatMap { Int64(exactly: $0) } : nil
        )
        return CounterPoint(group: group, reading: reading)
    }

    /// Why a point that somebody wants cannot be counted; `nil` where it can.
    static func refusal(of point: PointRecord, _ counted: CounterPoint) -> TelemetryRejection? {
        switch point.shape {
        case .gauge: return .gauge
        case .summary: return .summary
        case .sum where !point.isMonotonic: return .nonMonotonic
        case .sum, .histogram, .exponentialHistogram: break
        }
        guard point.temporality == 1 || point.temporality == 2 else { return .unknownTemporality }
        guard let value = point.value else { return .noSum }
        guard RecordTimes.isPlausible(RecordTimes.instant(point.time)) else { return .badTime }
        if counted.reading.value == 0, !isZero(value) { return .badNumber }
        return nil
    }

    /// Tokens, or picodollars.
    private static func value(of point: PointRecord, _ facts: CounterFacts) -> Int64? {
        let value: AttributeValue? =
            switch point.value {
            case .integer(let number): .integer(number)
            case .double(let number): .double(number)
            case nil: nil
            }
        var numbers = FactNumbers()
        guard facts.role == .cost else { return numbers.count(value, max: countMax) }
        return numbers.dollars(value, scale: facts.scale).flatMap { Int64(exactly: $0.picodollars) }
    }

    /// Whether nothing was counted, or less than can be counted.
    private static func isZero(_ number: PointRecord.Number) -> Bool {
        switch number {
        case .integer(let number): number == 0
        case .double(let number): number >= 0 && number < 1e-12
        }
    }
}
