/// What one call answers to the conditions of a ``PolicyBook``: its tags by their place, and what can be measured.
struct PolicyFacts {
    private var values: [String]
    private let at: Timestamp
    private let estimatedCost: Money?
    private let promptTokens: Int64?
    private let maxOutputTokens: Int64?
    private let zones: [any Zone]
    /// What clocks show, by zone; read when the first condition asks.
    private var readings: [ClockReading?] = []

    private struct ClockReading {
        let hour: Int
        let date: CivilDate
    }

    /// Looks up the value of every dimension that a policy asks about, once.
    init(_ subject: borrowing PolicySubject, _ places: [ValuePlace], _ zones: [any Zone]) {
        at = subject.at
        estimatedCost = subject.estimatedCost
        promptTokens = subject.promptTokens
        maxOutputTokens = subject.maxOutputTokens
        self.zones = zones
        values = []
        values.reserveCapacity(places.count)
        for place in places { values.append(place.value(subject.call.service, subject.call.attribution) ?? "") }
    }

    /// The value at `slot`, empty for an absent tag.
    func value(_ slot: Int) -> String {
        values.indices.contains(slot) ? values[slot] : ""
    }

    mutating func set(_ slot: Int, _ value: String) {
        if values.indices.contains(slot) { values[slot] = value }
    }

    mutating func quantity(_ quantity: PolicyQuantity, zone: Int) -> Int128? {
        switch quantity {
        case .estimatedCost: estimatedCost?.picodollars
        case .promptTokens: promptTokens.map { Int128($0) }
        case .maxOutputTokens: maxOutputTokens.map { Int128($0) }
        case .hour: reading(zone).map { Int128($0.hour) }
        case .weekday: reading(zone).map { Int128($0.date.weekday) }
        case .date: reading(zone).map { Int128($0.date.daysSinceEpoch) }
        }
    }

    private mutating func reading(_ zone: Int) -> ClockReading? {
        guard zones.indices.contains(zone) else { return nil }
        if readings.isEmpty { readings = Array(repeating: nil, count: zones.count) }
        if let known = readings[zone] { return known }
        let place = zones[zone]
        let reading = ClockReading(
            hour: place.clockSeconds(at: at) / 3600,
            date: place.date(at: at)
        )
        readings[zone] = reading
        return reading
    }
}
