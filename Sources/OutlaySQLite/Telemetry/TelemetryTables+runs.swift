import GRDB
import OutlayCore

extension TelemetryTables {
    /// Most events of one run that a tree shows.
    private static let eventsMax: Int64 = 100_000

    /// The events that stand with that run's tag.
    func events(ofRun run: String) throws -> [CostEvent] {
        let select = try db.cachedStatement(
            sql: """
                SELECT event.sequence FROM event
                WHERE event.rest_set_id IN (
                    SELECT tag_set_id FROM tag_set_tag WHERE dimension = 'run' AND value = ?1
                ) AND event.kind != ?2 ORDER BY event.sequence LIMIT ?3
                """
        )
        select.bind(run, at: 1)
        select.bind(CostEvent.Kind.reversalNumber, at: 2)
        select.bind(Self.eventsMax, at: 3)
        return try SQLiteLedger.integers(select).compactMap { sequence in
            let recorded = try SQLiteLedger.recorded(sequence, in: db)
            return recorded.isReversed ? nil : recorded.event
        }
    }

    /// What every source observed in the trace that the run is named by.
    func spans(ofRun run: String) throws -> [Observation] {
        guard run.utf8.count == 32, let trace = UInt128(run, radix: 16) else { return [] }
        let select = try db.cachedStatement(sql: "SELECT workspace, key_name FROM telemetry_source")
        var names: [TelemetrySourceName] = []
        while try select.step() {
            names.append(TelemetrySourceName(workspace: select.text(0) ?? "", key: select.text(1) ?? ""))
        }
        select.reset()
        return try names.flatMap { try observations(in: $0.group(ofTrace: trace)).map(\.observation) }
    }
}
