internal import OutlayCore

/// Into which group an observation goes.
///
/// A trace is one group, what stands in none is alone, and what different keys send never meets. A group is read as a
/// whole whenever something is added to it, so a trace that has grown too large goes on in another: its parts are
/// projected apart.
struct TraceParts {
    /// Observations of one group.
    static let sizeMax = 5000

    private struct Part {
        var number: UInt64
        var size: Int
    }

    /// The last part of each trace, as far as this transaction asked.
    private var parts: [UInt128: Part] = [:]
    /// Groups of which nothing was kept before this transaction.
    private(set) var fresh: Set<UInt128> = []

    mutating func group(
        of ready: ReadyObservation,
        from source: TelemetrySourceName,
        in tables: any TelemetryTransaction
    ) throws -> UInt128 {
        let (observation, first) = (ready.observation, ready.group)
        guard let trace = observation.place?.trace else { return first }
        var part = try parts[first] ?? last(of: trace, source, in: tables)
        let isFull = part.size >= Self.sizeMax
        for number in 0..<(isFull ? part.number + 1 : part.number) {
            let group = source.group(ofTrace: trace, part: number)
            if try tables.contains(observation.identity, in: group) { return group }
        }
        if isFull { part = Part(number: part.number + 1, size: 0) }
        part.size += 1
        parts[first] = part
        return source.group(ofTrace: trace, part: part.number)
    }

    private mutating func last(
        of trace: UInt128,
        _ source: TelemetrySourceName,
        in tables: any TelemetryTransaction
    ) throws -> Part {
        var number: UInt64 = 0
        while true {
            let size = try tables.count(in: source.group(ofTrace: trace, part: number))
            if size == 0 { fresh.insert(source.group(ofTrace: trace, part: number)) }
            if size < Self.sizeMax { return Part(number: number, size: size) }
            number += 1
        }
    }
}
