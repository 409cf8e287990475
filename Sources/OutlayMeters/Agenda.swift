internal import OutlayCore

/// When time alone changes something about which meters: a window ends, a grant begins or is over.
///
/// Most meters share their borders, so that there are few times and a tick that finds nothing due costs nothing.
struct Agenda: Sendable {
    private var borders: [Timestamp: [Int]] = [:]
    private var stirred: Set<Int> = []

    mutating func add(_ meter: Int, at border: Timestamp) {
        borders[border, default: []].append(meter)
    }

    /// The next tick looks at this meter, whatever the time: forecasts move, something else was changed.
    mutating func stir(_ meter: Int) {
        stirred.insert(meter)
    }

    mutating func stir(_ meters: Range<Int>) {
        stirred.formUnion(meters)
    }

    /// The meters that have to be looked at, in their order; they are then no longer noted.
    mutating func takeDue(at now: Timestamp) -> [Int] {
        for border in borders.keys.filter({ $0 <= now }) {
            stirred.formUnion(borders.removeValue(forKey: border) ?? [])
        }
        defer { stirred.removeAll(keepingCapacity: stirred.count < 1000) }
        return stirred.sorted()
    }
}
