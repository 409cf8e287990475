import OutlayCore
import OutlayWire

/// What the profiles make of a recorded request.
func reading(
    _ bytes: [UInt8],
    _ encoding: TelemetryEncoding,
    _ signal: TelemetrySignal,
    configured: [ConfiguredProfile] = []
) throws -> TelemetryReading {
    let spellings = Spellings()
    let profiles = TelemetryProfiles(configured: configured)
    var reading = TelemetryReading(profiles: profiles, spellings: spellings)
    let interest = profiles.interest(spellings: spellings)
    try TelemetryReader(encoding: encoding, interest: interest).read(bytes, signal: signal, into: &reading)
    return reading
}

/// Everything that the requests of one folder come to.
struct FolderReading {
    var observations: [Observation] = []
    var points: [CounterPoint] = []
    var rejections: [TelemetryRejection: Int] = [:]

    init(_ folder: String, encoding: TelemetryEncoding = .protobuf) throws {
        for fixture in OTLPFixture.all
        where fixture.path.hasPrefix(folder + "/") && fixture.encoding == encoding
            && !fixture.path.hasSuffix(".raw.json")
        {
            let reading = try reading(fixture.bytes(), encoding, fixture.signal)
            observations += reading.observations
            points += reading.points
            rejections.merge(reading.rejections, uniquingKeysWith: +)
        }
    }

    /// Calls and sums of one signal, as `emitter/authority: units`, each with how often it was read.
    func summary(_ signal: Observation.Signal, _ level: Observation.Level) -> [String: Int] {
        var lines: [String: Int] = [:]
        for observation in observations where observation.signal == signal && observation.level == level {
            lines[observation.line, default: 0] += 1
        }
        return lines
    }
}

extension Observation {
    /// `otel-genai leading openai/chat.completions gpt-4o-mini: cache_read 1024, input 183, output 53`.
    var line: String {
        let units = metering.total.counts.map { "\($0.unit) \($0.count)" }.joined(separator: ", ")
        let model = service.model ?? service.requestedModel ?? "?"
        let flags = metering.flags.isEmpty ? "" : " \(metering.flags)"
        return "\(emitter) \(authority) \(service.provider)/\(service.api) \(model): "
            + (units.isEmpty ? metering.quality.rawValue : units) + flags
    }
}
