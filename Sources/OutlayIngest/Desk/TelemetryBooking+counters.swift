internal import OutlayCore
internal import OutlayWire

/// From points of counters to the events of their exports.
extension TelemetryBooking {
    mutating func take(_ points: [CounterPoint], of name: TelemetrySourceName, _ source: Int64) throws {
        var logs: [UInt128: CounterWork] = [:]
        let horizon = now.advanced(bySeconds: -TelemetryTerms.keptDays * 86_400).nanoseconds
        for point in points {
            let group = Self.group(of: point.reading, from: name)
            var work = try logs.removeValue(forKey: group) ?? work(on: group, for: point.group, of: source)
            let shelf = CounterTable(tables: tables, group: group)
            let outcome = try work.log.take(point.reading, from: shelf, horizon: horizon)
            logs[group] = work
            count(source, point.group.emitter) { counts in
                switch outcome {
                case .new: counts.accepted += 1
                case .duplicate: counts.duplicates += 1
                case .conflict: counts.conflicts += 1
                case .tooLate: counts.rejected["too_late", default: 0] += 1
                }
            }
            if outcome == .new, point.group.authority >= .leading {
                let presence = TelemetryPresence(
                    scope: Self.scope(of: point.group.emitter, from: name),
                    minute: Timestamp(nanoseconds: point.reading.time).minute,
                    authority: point.group.authority,
                    instance: InstanceText.text(point.group.instance, signal: .metric)
                )
                try hear(presence)
            }
        }
        for (group, work) in logs where !work.log.changed.isEmpty { try keep(work, of: group) }
    }

    /// What is known of a group while its points are taken.
    private struct CounterWork {
        var counters: KeptCounters
        var log: CounterLog
    }

    private func work(on group: UInt128, for facts: CounterGroup, of source: Int64) throws -> CounterWork {
        let kept = try tables.counterGroup(group) ?? KeptCounters(group: facts, source: source)
        return CounterWork(counters: kept, log: CounterLog(series: kept.series))
    }

    private mutating func keep(_ work: CounterWork, of group: UInt128) throws {
        var counters = work.counters
        counters.series = work.log.series
        try tables.put(counters, for: group)
        for (time, export) in work.log.changed.sorted(by: { $0.key < $1.key }) {
            let standing = try tables.counterExport(group, at: time)?.standing ?? TelemetryStanding()
            try tables.put(KeptExport(export: export, standing: standing), in: group, at: now)
            touchedExports.insert(HeldGroup(group: group, source: counters.source, export: time))
        }
    }

    mutating func project(_ held: HeldGroup) throws {
        guard let time = held.export, let counters = try tables.counterGroup(held.group),
            var kept = try tables.counterExport(held.group, at: time)
        else { return try tables.release(held) }
        let source = try name(of: held.source)
        let revision = TelemetryRevision(
            name: TimedName.text("\(held.group.hexadecimal(digits: 32))-\(time)", at: Timestamp(nanoseconds: time)),
            emitter: counters.group.emitter,
            revision: kept.standing.revision
        )
        var event = terms.rules.event(
            for: kept.export,
            of: counters.group,
            id: revision.first,
            key: terms.rules(of: source),
            receivedAt: now
        )
        if event != nil, counters.group.authority < .leading {
            try contest(kept.export, of: counters, held: held)
            if try isBeaten(kept.export, of: counters, source: source) {
                event = nil
            } else if kept.standing.inputs == nil, !isFlushing, try !isDue(held, of: counters.group.emitter) {
                return
            }
        }
        try tables.release(held)
        let inputs = event == nil ? nil : kept.export.inputs
        guard inputs != kept.standing.inputs else { return }
        let isStanding = kept.standing.inputs != nil
        for step in try revision.steps(to: event, isStanding: isStanding, now: now, in: tables) { try add(step) }
        kept.standing = TelemetryStanding(revision: kept.standing.revision + 1, inputs: inputs)
        try tables.put(kept, in: held.group, at: now)
    }

    /// Whether the wait that began when it was first heard of is over; it begins now for what nobody waits for yet.
    private func isDue(_ held: HeldGroup, of emitter: String) throws -> Bool {
        if dueExports.contains(held) { return true }
        try tables.hold(held, of: emitter, until: now.advanced(bySeconds: terms.holdSeconds))
        return false
    }

    private static func group(of reading: CounterReading, from source: TelemetrySourceName) -> UInt128 {
        var fingerprint = Fingerprinter()
        fingerprint.add(source.fingerprint)
        fingerprint.add(UInt64(3))
        fingerprint.add(reading.group)
        return fingerprint.value
    }
}

/// One group's exports in the tables.
private struct CounterTable: CounterShelf {
    let tables: any TelemetryTransaction
    let group: UInt128

    func export(at time: UInt64) throws -> CounterExport? {
        try tables.counterExport(group, at: time)?.export
    }

    func export(before time: UInt64, having entry: CounterExport.Entry) throws -> CounterExport? {
        try tables.counterExport(group, from: time, isBefore: true, having: entry)?.export
    }

    func export(after time: UInt64, having entry: CounterExport.Entry) throws -> CounterExport? {
        try tables.counterExport(group, from: time, isBefore: false, having: entry)?.export
    }
}

extension CounterExport {
    /// Changes when what it added changes.
    fileprivate var inputs: UInt64 {
        var fingerprint = Fingerprinter()
        for entry in entries {
            fingerprint.add(UInt64(entry.role.rawValue))
            fingerprint.add(UInt64(bitPattern: entry.added))
            fingerprint.add(UInt64(bitPattern: entry.addedCalls))
        }
        return UInt64(truncatingIfNeeded: fingerprint.value)
    }
}
