/// How far one series of a group has come: enough to follow it without reading its points again.
package struct CounterSeries: Hashable, Sendable {
    package var role: CounterReading.Role
    package var start: UInt64
    package var first: UInt64
    package var last: UInt64
    package var value: Int64
    package var calls: Int64?

    package init(_ entry: CounterExport.Entry, time: UInt64) {
        self.init(
            role: entry.role,
            start: entry.start,
            first: time,
            last: time,
            value: entry.value,
            calls: entry.calls
        )
    }

    package init(
        role: CounterReading.Role,
        start: UInt64,
        first: UInt64,
        last: UInt64,
        value: Int64,
        calls: Int64?
    ) {
        self.role = role
        self.start = start
        self.first = first
        self.last = last
        self.value = value
        self.calls = calls
    }
}

/// Where the exports of one group are kept; asked in the order of their time.
package protocol CounterShelf {
    func export(at time: UInt64) throws -> CounterExport?
    /// The nearest export before `time` that has a point of the series.
    func export(before time: UInt64, having entry: CounterExport.Entry) throws -> CounterExport?
    func export(after time: UInt64, having entry: CounterExport.Entry) throws -> CounterExport?
}

/// The exports of one group as points arrive in any order: each point changes itself and the one behind it, no others.
package struct CounterLog {
    package private(set) var series: [CounterSeries]
    /// The exports that changed, by their time.
    package private(set) var changed: [UInt64: CounterExport] = [:]

    /// How many series of one group are followed; the one silent for longest is forgotten.
    package static let seriesMax = 64

    package enum Outcome: Hashable, Sendable {
        case new
        /// The same point was here before.
        case duplicate
        /// A point of that series and time was here before, with another value; the first stays.
        case conflict
        /// From among points that are forgotten.
        case tooLate
    }

    package init(series: [CounterSeries]) {
        self.series = series
    }

    /// Takes one point.
    ///
    /// - Parameter horizon: exports before it may be forgotten: whether an older delta was added cannot be told.
    package mutating func take(
        _ reading: CounterReading,
        from shelf: some CounterShelf,
        horizon: UInt64 = 0
    ) throws -> Outcome {
        var entry = CounterExport.Entry(reading)
        let known = series.firstIndex { $0.role == entry.role && $0.start == entry.start }
        // A series that is not remembered is new, unless some have been forgotten.
        let isNext = known.map { series[$0].last < reading.time } ?? (series.count < Self.seriesMax)
        var export = try current(at: reading.time, from: shelf) ?? CounterExport(time: reading.time)
        if let same = export.entries.first(where: { $0.continues(entry) }) {
            return same.value == entry.value ? .duplicate : .conflict
        }
        if isNext {
            entry.follow(known.map { Self.lastPoint(of: series[$0], like: entry) })
        } else if entry.temporality == .delta {
            guard reading.time >= horizon else { return .tooLate }
            entry.follow(nil)
        } else {
            let refusal = try insert(&entry, at: reading.time, of: known.map { series[$0] }, from: shelf)
            if let refusal { return refusal }
        }
        export.entries.append(entry)
        export.entries.sort { ($0.role.rawValue, $0.start) < ($1.role.rawValue, $1.start) }
        changed[reading.time] = export
        note(entry, at: reading.time, known: known)
        return .new
    }

    private static func lastPoint(
        of series: CounterSeries,
        like entry: CounterExport.Entry
    ) -> (entry: CounterExport.Entry, time: UInt64) {
        var last = entry
        last.value = series.value
        last.calls = series.calls
        return (last, series.last)
    }

    /// Places a point between its neighbours; the one behind it now follows it.
    ///
    /// - Returns: why it cannot be placed: a neighbour that the series tells of has been forgotten. What it tells is in
    ///   the point behind it.
    private mutating func insert(
        _ entry: inout CounterExport.Entry,
        at time: UInt64,
        of series: CounterSeries?,
        from shelf: some CounterShelf
    ) throws -> Outcome? {
        let before = try neighbour(of: entry, at: time, from: shelf, isBefore: true)
        let after = try neighbour(of: entry, at: time, from: shelf, isBefore: false)
        if let series {
            if series.last == time { return series.value == entry.value ? .duplicate : .conflict }
            if before == nil && series.first < time || after == nil { return .tooLate }
        }
        entry.follow(
            before.flatMap { export in
                export.entries.first { $0.continues(entry) }.map { ($0, export.time) }
            }
        )
        guard var after else { return nil }
        for index in after.entries.indices where after.entries[index].continues(entry) {
            after.entries[index].follow((entry, time))
        }
        changed[after.time] = after
        return nil
    }

    private func neighbour(
        of entry: CounterExport.Entry,
        at time: UInt64,
        from shelf: some CounterShelf,
        isBefore: Bool
    ) throws -> CounterExport? {
        let held = changed.values.filter { export in
            (isBefore ? export.time < time : export.time > time) && export.entries.contains { $0.continues(entry) }
        }
        let near = isBefore ? held.max { $0.time < $1.time } : held.min { $0.time < $1.time }
        let kept =
            isBefore
            ? try shelf.export(before: time, having: entry) : try shelf.export(after: time, having: entry)
        guard let near else { return kept.flatMap { changed[$0.time] ?? $0 } }
        guard let kept else { return near }
        let isKeptNearer = isBefore ? kept.time > near.time : kept.time < near.time
        return isKeptNearer ? changed[kept.time] ?? kept : near
    }

    private func current(at time: UInt64, from shelf: some CounterShelf) throws -> CounterExport? {
        if let export = changed[time] { return export }
        let isNewest = series.allSatisfy { $0.last < time } && series.count < Self.seriesMax
        return isNewest ? nil : try shelf.export(at: time)
    }

    private mutating func note(_ entry: CounterExport.Entry, at time: UInt64, known: Int?) {
        guard let known else {
            series.append(CounterSeries(entry, time: time))
            if series.count > Self.seriesMax, let oldest = series.indices.min(by: { series[$0].last < series[$1].last })
            {
                series.remove(at: oldest)
            }
            return
        }
        series[known].first = min(series[known].first, time)
        guard time > series[known].last else { return }
        series[known].last = time
        series[known].value = entry.value
        series[known].calls = entry.calls
    }
}
