package import OutlayCore

/// Turns records into observations and counter readings, as they are read.
///
/// Each record is given to the profile that recognises its scope, or else to the one that owns its attributes, or
/// else to the one for the conventions that everybody follows. Spans that say nothing of calls stay as bare steps, so
/// that calls below them find their run and their tags.
package struct TelemetryReading: TelemetrySink {
    package private(set) var observations: [Observation] = []
    package private(set) var points: [CounterPoint] = []
    package private(set) var rejections: [TelemetryRejection: Int] = [:]
    /// Records that were not refused, those that nobody had a use for included.
    package private(set) var accepted = 0

    private let profiles: TelemetryProfiles
    private let spellings: Spellings
    private let names: TagNames
    private var speaker: Speaker?

    /// Who speaks for the records of one scope.
    private struct Speaker {
        let reading: RecordReading
        /// `nil` where nobody recognises it and each record shows whose it is.
        let profile: (any EmitterProfile)?
    }

    package init(profiles: TelemetryProfiles, spellings: Spellings) {
        self.profiles = profiles
        self.spellings = spellings
        names = TagNames(spellings)
    }

    package mutating func take(_ span: SpanRecord, in context: RecordContext) {
        guard span.trace != 0, span.span != 0 else { return reject(.missingIDs) }
        let speaker = speaker(for: context)
        let profile = speaker.profile ?? profiles.owner(of: span.attributes)
        if let observation = profile.observation(of: span, in: speaker.reading) { return keep(observation) }
        keep(speaker.reading.step(span, facts: Vocabulary.genAI.facts(in: span.attributes), by: profile))
    }

    package mutating func take(_ log: LogRecord, in context: RecordContext) {
        let speaker = speaker(for: context)
        let profile = speaker.profile ?? profiles.owner(of: log.attributes)
        guard let observation = profile.observation(of: log, in: speaker.reading) else { return accepted += 1 }
        keep(observation)
    }

    package mutating func take(_ point: PointRecord, in context: RecordContext) {
        let speaker = speaker(for: context)
        let profile = speaker.profile ?? profiles.owner(of: point.attributes)
        // Bit 0 says that nothing was recorded.
        guard point.flags & 1 == 0, let counted = profile.reading(of: point, in: speaker.reading) else {
            return accepted += 1
        }
        if let refusal = RecordReading.refusal(of: point, counted) { return reject(refusal) }
        points.append(counted)
        accepted += 1
    }

    package mutating func reject(_ reason: TelemetryRejection) {
        rejections[reason, default: 0] += 1
    }

    private mutating func keep(_ observation: Observation) {
        guard RecordTimes.isPlausible(observation.start), RecordTimes.isPlausible(observation.end) else {
            return reject(.badTime)
        }
        observations.append(observation)
        accepted += 1
    }

    private mutating func speaker(for context: RecordContext) -> Speaker {
        if let speaker, speaker.reading.context.isSame(as: context) { return speaker }
        let profile = profiles.recognising(context)
        let reading = RecordReading(
            context: context,
            spellings: spellings,
            names: names,
            habits: profile?.tagHabits ?? TagHabits()
        )
        let speaker = Speaker(reading: reading, profile: profile)
        self.speaker = speaker
        return speaker
    }
}

extension RecordContext {
    func isSame(as other: RecordContext) -> Bool {
        scopeName == other.scopeName && resource == other.resource && scope == other.scope
    }
}

/// The profiles in the order in which they are asked.
package struct TelemetryProfiles: Sendable {
    private let profiles: [any EmitterProfile]
    /// Speaks for everybody else.
    private let conventions: any EmitterProfile

    /// - Parameter configured: The operator's own, which are asked first.
    package init(configured: [ConfiguredProfile] = []) {
        profiles = configured + Self.known
        conventions = GenAIConventions()
    }

    /// Before the scopes of OpenTelemetry's own instrumentations, whose attributes nobody else owns.
    private static let conventional = "opentelemetry.instrumentation.genai"

    private static let known: [any EmitterProfile] = [
        OpenClaw(), ClaudeCode(), Codex(), GeminiCLI(.gemini), GeminiCLI(.qwen), Cline(), Goose(), AnthropicSDK(),
        OpenLIT(), OpenLLMetry(), OpenInference(), PydanticAI(), VercelAI(), LiteLLM(), Strands(), Langfuse(),
        LangSmith(),
    ]

    package var names: [String] { profiles.map(\.name) + [conventions.name] }

    func recognising(_ context: RecordContext) -> (any EmitterProfile)? {
        if let profile = profiles.first(where: { $0.recognises(context) }) { return profile }
        return context.scopeName.hasPrefix(Self.conventional) ? conventions : nil
    }

    func owner(of attributes: Attributes) -> any EmitterProfile {
        profiles.first { $0.owns(attributes) } ?? conventions
    }

    /// What has to be kept of the bytes for all profiles together.
    package func interest(spellings: Spellings) -> AttributeInterest {
        let all: [any EmitterProfile] = profiles + [conventions]
        var attributes: [String] = Vocabulary.genAI.names + TagNames.names
        attributes += RecordReading.instanceAttributes + RecordReading.conversationAttributes
        attributes += ["event.name", "event.timestamp", GenAIMetrics.tokenType]
        for profile in all { attributes += profile.attributes + profile.instanceAttributes }
        return AttributeInterest(
            attributes: attributes,
            large: all.flatMap(\.largeAttributes) + ["metadata"],
            idOnly: all.flatMap(\.idAttributes),
            bodies: all.flatMap(\.bodies),
            metrics: all.flatMap(\.metrics),
            spellings: spellings
        )
    }
}
