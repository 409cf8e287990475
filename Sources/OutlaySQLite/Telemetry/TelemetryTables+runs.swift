import GRDB
import OutlayCore

extension TelemetryTables {
    /// Most events of one run that a tree shows.
    private static let eventsMax: Int64 = 100_000

    /// The events that stand with that run's tag.
    func events(ofRun run: String) throws -> [CostEvent] {
        let select = try Self.sequences(ofRun: run).statement(in: db)
        return try SQLiteLedger.integers(select).compactMap { sequence in
            let recorded = try SQLiteLedger.recorded(sequence, in: db)
            return recorded.isReversed ? nil : recorded.event
        }
    }

    static func sequences(ofRun run: String) -> SQLText {
        let sets = SpendFilters.tagSets(of: .run).then(SQLText(" AND value = ?", [.text(run)]))
        let isCall = SQLText(") AND kind != ?", [.integer(CostEvent.Kind.reversalNumber)])
        let indexed = "SELECT sequence FROM event_rest CROSS JOIN event USING (sequence)"
        return SQLText(indexed).then(" WHERE event_rest.rest_set_id IN (").then(sets).then(isCall)
            .then(" UNION ALL SELECT sequence FROM event WHERE \(EventIndex.isRecent) AND rest_set_id IN (")
            .then(sets).then(isCall)
            .then(SQLText(" ORDER BY sequence LIMIT ?", [.integer(eventsMax)]))
    }

    /// What every source observed in the trace that the run is named by.
    func spans(ofRun run: String) throws -> [Observation] {
        guard run.utf8.count == 32, let trace = UInt128(run, radix: 16) else { return [] }
        return try sourceNames().flatMap { try observations(in: $0.group(ofTrace: trace)).map(\.observation) }
    }

    /// Which telemetry of the event's workspace names its response, its request or its span.
    func reports(of event: CostEvent) throws -> [String] {
        let names: [String] =
            (event.links.responseID.map { ["response:\($0)"] } ?? [])
            + (event.links.requestID.map { ["request:\($0)"] } ?? [])
        var reports: Set<String> = []
        for source in try sourceNames() where source.workspace == event.attribution.workspace {
            var groups = try groups(named: names.map { source.key(of: $0) })
            if let trace = event.links.traceID.flatMap({ UInt128($0, radix: 16) }) {
                groups.insert(source.group(ofTrace: trace))
            }
            for group in groups {
                for kept in try observations(in: group) where kept.observation.reports(event, named: names) {
                    reports.insert("\(kept.observation.emitter) \(kept.observation.signal)")
                }
            }
        }
        return reports.sorted()
    }

    private func sourceNames() throws -> [TelemetrySourceName] {
        let select = try db.cachedStatement(sql: "SELECT workspace, key_name FROM telemetry_source")
        defer { select.reset() }
        var names: [TelemetrySourceName] = []
        while try select.step() {
            names.append(TelemetrySourceName(workspace: select.text(0) ?? "", key: select.text(1) ?? ""))
        }
        return names
    }
}

extension Observation {
    /// Whether it is about the event's call.
    fileprivate func reports(_ event: CostEvent, named names: [String]) -> Bool {
        guard level == .call else { return false }
        if self.names.contains(where: names.contains) { return true }
        return place.map { $0.span.hexadecimal(digits: 16) == event.links.spanID } ?? false
    }
}
