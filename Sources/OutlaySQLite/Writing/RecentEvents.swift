import OutlayCore

/// What the events that no index holds yet are looked for by.
///
/// Valid only while every transaction since it was read has been committed.
struct RecentEvents: Sendable {
    struct Name: Comparable, Sendable {
        let name: Int64
        let sequence: Int64

        static func < (left: Name, right: Name) -> Bool {
            (left.name, left.sequence) < (right.name, right.sequence)
        }
    }

    struct Rest: Comparable, Sendable {
        let set: Int64
        let at: Int64
        let sequence: Int64

        static func < (left: Rest, right: Rest) -> Bool {
            (left.set, left.at, left.sequence) < (right.set, right.at, right.sequence)
        }
    }

    private(set) var names: [Name] = []
    private(set) var rests: [Rest] = []
    private(set) var count = 0
    /// The last event there was.
    private(set) var last: Int64
    /// When the first and the last of the gateway's calls among them began.
    private(set) var gatewaySpan: ClosedRange<Int64>?
    /// The names that somebody looked at: few installations look for any.
    private var places = Buckets<Int64, Int64>()
    private var placed = 0

    init(after last: Int64) {
        self.last = last
    }

    /// - Parameter gatewayAt: when the gateway's call began; `nil` for all other events.
    mutating func add(_ sequence: Int64, at: Int64, names: [Int64], rest: Int64?, gatewayAt: Int64?) {
        for name in names { self.names.append(Name(name: name, sequence: sequence)) }
        if let rest { rests.append(Rest(set: rest, at: at, sequence: sequence)) }
        if let at = gatewayAt {
            let known = gatewaySpan ?? at...at
            gatewaySpan = min(known.lowerBound, at)...max(known.upperBound, at)
        }
        last = max(last, sequence)
        count += 1
    }

    mutating func sequences(named name: Int64) -> [Int64] {
        for next in names[placed...] { places.add(next.sequence, under: next.name) }
        placed = names.count
        return places[name]
    }
}
