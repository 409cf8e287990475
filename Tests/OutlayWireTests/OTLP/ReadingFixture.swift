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

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Attributes {
    init(_ entries: KeyValuePairs<String, AttributeValue>) {
        self.init()
        self.entries = entries.map { Entry($0.key, $0.value) }
    }
}

/// A record that nobody sent, for emitters of whom there is no recording.
struct MadeRecord {
    var scope: String
    var service = "app"
    var resource: KeyValuePairs<String, AttributeValue> = [:]

    /// A second in November 2026.
    static let time: UInt64 = 1_795_224_556_000_000_000

    private var context: RecordContext {
        var context = RecordContext()
        context.scopeName = scope
        context.resource = Attributes(resource)
        context.resource.entries.append(Attributes.Entry("service.name", .string(service)))
        return context
    }

    func span(
        _ name: String,
        _ attributes: KeyValuePairs<String, AttributeValue>,
        parent: UInt64 = 0,
        status: UInt8 = 0,
        configured: [ConfiguredProfile] = []
    ) -> Observation? {
        var span = SpanRecord()
        (span.trace, span.span, span.parent) = (5, 6, parent)
        (span.name, span.status) = (name, status)
        (span.start, span.end) = (Self.time, Self.time + 1_000_000_000)
        span.attributes = Attributes(attributes)
        var reading = Self.reading(configured)
        reading.take(span, in: context)
        return reading.observations.first
    }

    func log(
        body: String? = nil,
        event: String = "",
        _ attributes: KeyValuePairs<String, AttributeValue>,
        configured: [ConfiguredProfile] = []
    ) -> Observation? {
        var log = LogRecord()
        (log.time, log.body, log.eventName) = (Self.time, body, event)
        log.attributes = Attributes(attributes)
        var reading = Self.reading(configured)
        reading.take(log, in: context)
        return reading.observations.first
    }

    func point(
        _ metric: String,
        _ value: PointRecord.Number?,
        _ attributes: KeyValuePairs<String, AttributeValue>,
        configured: [ConfiguredProfile] = [],
        change: (inout PointRecord) -> Void = { _ in }
    ) -> TelemetryReading {
        var point = PointRecord()
        (point.metric, point.value, point.shape, point.temporality) = (metric, value, .sum, 2)
        (point.isMonotonic, point.start, point.time) = (true, Self.time, Self.time + 1)
        point.attributes = Attributes(attributes)
        change(&point)
        var reading = Self.reading(configured)
        reading.take(point, in: context)
        return reading
    }

    private static func reading(_ configured: [ConfiguredProfile]) -> TelemetryReading {
        TelemetryReading(profiles: TelemetryProfiles(configured: configured), spellings: Spellings())
    }
}
