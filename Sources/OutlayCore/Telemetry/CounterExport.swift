/// What one export of a group of counters said: a value for each kind of token, and what each added.
package struct CounterExport: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var role: CounterReading.Role
        package var temporality: CounterReading.Temporality
        /// When the series began, in nanoseconds since 1970; 0 where unknown.
        package var start: UInt64
        package var value: Int64
        package var calls: Int64?
        /// What it added to what the point before it said.
        package var added: Int64 = 0
        package var addedCalls: Int64 = 0
        /// From when on it was added, in nanoseconds since 1970.
        package var since: UInt64 = 0

        package init(_ reading: CounterReading) {
            role = reading.role
            temporality = reading.temporality
            start = reading.start
            value = reading.value
            calls = reading.calls
        }

        package init(
            role: CounterReading.Role,
            temporality: CounterReading.Temporality,
            start: UInt64,
            value: Int64,
            calls: Int64?
        ) {
            self.role = role
            self.temporality = temporality
            self.start = start
            self.value = value
            self.calls = calls
        }

        /// Sets what it added after `before`, the point before it of the same series; `nil` for the first.
        ///
        /// Counters only grow: a lower value means that the process began again, so all of it is new. The first point
        /// of a series whose start is known tells everything since then; where the start is unknown it is only where
        /// counting begins.
        package mutating func follow(_ before: (entry: Entry, time: UInt64)?) {
            guard temporality == .cumulative else {
                (added, addedCalls, since) = (value, calls ?? 0, start)
                return
            }
            guard let before else {
                let isBaseline = start == 0
                (added, addedCalls, since) = (isBaseline ? 0 : value, isBaseline ? 0 : calls ?? 0, start)
                return
            }
            let isReset = value < before.entry.value
            added = isReset ? value : value - before.entry.value
            let callsBefore = isReset ? 0 : before.entry.calls ?? 0
            addedCalls = max(0, (calls ?? 0) - callsBefore)
            since = before.time
        }

        /// Whether both are points of one series.
        package func continues(_ other: Entry) -> Bool {
            role == other.role && start == other.start && temporality == other.temporality
        }
    }

    package var time: UInt64
    package var entries: [Entry]

    package init(time: UInt64, entries: [Entry] = []) {
        self.time = time
        self.entries = entries
    }

    package subscript(role: CounterReading.Role) -> Int64 {
        entries.reduce(0) { $1.role == role ? $0.addingSaturating($1.added) : $0 }
    }

    package var isEmpty: Bool { entries.allSatisfy { $0.added == 0 && $0.addedCalls == 0 } }

    /// The span of time in which what it tells was consumed; the earliest plausible start is kept.
    package var span: ClosedRange<UInt64> {
        let starts = entries.lazy.filter { $0.added != 0 && $0.since != 0 }.map(\.since)
        return min(starts.min() ?? time, time)...time
    }
}

extension CounterExport {
    /// The units of the price book, disjoint, and what was odd about them.
    ///
    /// - Parameter writeUnit: The unit of tokens written to a cache, whose lifetime no counter tells.
    package func usage(writeUnit: UsageUnit = .cacheWrite5m) -> (usage: Usage, flags: [String]) {
        var usage = Usage.none
        var flags: [String] = []
        let cached = self[.cacheRead].addingSaturating(self[.cacheWrite])
        var input = self[.input]
        let inclusive = self[.inputWithCache]
        if inclusive >= cached {
            input = input.addingSaturating(inclusive - cached)
        } else {
            input = input.addingSaturating(inclusive)
            if inclusive > 0 { flags.append("inconsistent") }
        }
        usage[.input] = input
        usage[.cacheRead] = self[.cacheRead]
        usage[writeUnit] = self[.cacheWrite]
        usage[.output] = self[.output].addingSaturating(self[.reasoning])
        return (usage, flags)
    }

    /// Whether its prompts are known without the tokens of caches in them.
    package var tellsCache: Bool {
        self[.inputWithCache] == 0 || entries.contains { $0.role == .cacheRead || $0.role == .cacheWrite }
    }

    /// Calls that were counted: histograms count each call once for every kind of token.
    package var calls: Int64 {
        entries.lazy.filter { $0.calls != nil }.map(\.addedCalls).max() ?? 0
    }
}
