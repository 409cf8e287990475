extension ByteReader {
    package mutating func observation() throws(CodecError) -> Observation {
        try expectFormat()
        let identity = try fixed()
        let emitter = try text()
        let signal: Observation.Signal = try raw()
        let level: Observation.Level = try raw()
        let authority: Authority = try raw()
        var place: TracePlace?
        if try flag() {
            place = TracePlace(trace: try fixed(), span: try unsigned())
            let parent = try unsigned()
            if parent != 0 { place?.parent = parent }
        }
        var parts = Observation.Parts(
            identity: identity,
            emitter: emitter,
            signal: signal,
            level: level,
            authority: authority,
            place: place,
            start: Timestamp(microseconds: try signed()),
            end: Timestamp(microseconds: try signed()),
            service: try service(),
            metering: try metering()
        )
        if try flag() { parts.reportedCost = Money(picodollars: try amount()) }
        parts.isNotional = try flag()
        parts.isCacheHit = try flag()
        parts.outcome = try outcome()
        parts.links = try links()
        for _ in 0..<(try count()) { parts.names.append(try text()) }
        parts.claims = try claims()
        parts.instance = try instance()
        parts.title = try text()
        parts.tool = try optionalText()
        return Observation(parts)
    }

    package mutating func counterGroup() throws(CodecError) -> CounterGroup {
        try expectFormat()
        return CounterGroup(
            emitter: try text(),
            authority: try raw(),
            service: try service(),
            claims: try claims(),
            instance: try instance(),
            isNotional: try flag()
        )
    }

    package mutating func series() throws(CodecError) -> [CounterSeries] {
        var series: [CounterSeries] = []
        for _ in 0..<(try count()) {
            series.append(
                CounterSeries(
                    role: try raw(),
                    start: try unsigned(),
                    first: try unsigned(),
                    last: try unsigned(),
                    value: try signed(),
                    calls: try optional()
                )
            )
        }
        return series
    }

    package mutating func entries() throws(CodecError) -> [CounterExport.Entry] {
        try expectFormat()
        var entries: [CounterExport.Entry] = []
        for _ in 0..<(try count()) {
            var entry = CounterExport.Entry(
                role: try raw(),
                temporality: try raw(),
                start: try unsigned(),
                value: try signed(),
                calls: try optional()
            )
            entry.added = try signed()
            entry.addedCalls = try signed()
            entry.since = try unsigned()
            entries.append(entry)
        }
        return entries
    }

    private mutating func expectFormat() throws(CodecError) {
        let found = try byte()
        guard found == 1 else { throw .version(found) }
    }

    private mutating func raw<Value: RawRepresentable>() throws(CodecError) -> Value where Value.RawValue == UInt8 {
        let number = try byte()
        guard let value = Value(rawValue: number) else { throw .invalid("an unknown \(Value.self) \(number)") }
        return value
    }

    private mutating func claims() throws(CodecError) -> [TelemetryClaim] {
        var claims: [TelemetryClaim] = []
        for _ in 0..<(try count()) {
            let name = try text()
            guard let dimension = Dimension(name) else { throw .invalid("no dimension is called \(name)") }
            claims.append(
                TelemetryClaim(dimension, try text(), reach: try raw(), attribute: try text())
            )
        }
        return claims
    }

    private mutating func instance() throws(CodecError) -> [String: String] {
        var instance: [String: String] = [:]
        for _ in 0..<(try count()) { instance[try text()] = try text() }
        return instance
    }
}
