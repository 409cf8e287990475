internal import OutlayCore
internal import OutlayWire

/// Takes records and checks what must hold of every one of them.
private struct CheckingSink: TelemetrySink {
    var count = 0

    mutating func take(_ span: SpanRecord, in context: RecordContext) {
        precondition(span.trace != 0 && span.span != 0)
        check(span.attributes, context)
    }

    mutating func take(_ log: LogRecord, in context: RecordContext) { check(log.attributes, context) }

    mutating func take(_ point: PointRecord, in context: RecordContext) {
        precondition(point.value != nil && point.temporality > 0 && point.flags & 1 == 0)
        check(point.attributes, context)
    }

    mutating func reject(_ reason: TelemetryRejection) { count += 1 }

    private mutating func check(_ attributes: Attributes, _ context: RecordContext) {
        count += 1
        precondition(attributes.entries.count <= TelemetryLimits().keptAttributes)
        precondition(context.resource.entries.count <= TelemetryLimits().keptAttributes)
    }
}

private let interests = [
    AttributeInterest(attributes: ["*"], bodies: ["claude_code.api_request"], metrics: ["*"]),
    AttributeInterest(
        attributes: ["gen_ai.*", "openclaw.token"],
        large: ["langfuse.observation.usage_details"],
        idOnly: ["output.value", "team.name"],
        metrics: ["openclaw.*"],
        spellings: Spellings()
    ),
]

private let profiles = TelemetryProfiles()
private let spellings = Spellings()
private let interestOfProfiles = profiles.interest(spellings: spellings)

/// Has every profile understand what was read.
private func understand(_ bytes: [UInt8], _ signal: TelemetrySignal, _ encoding: TelemetryEncoding) {
    var reading = TelemetryReading(profiles: profiles, spellings: spellings)
    let reader = TelemetryReader(encoding: encoding, interest: interestOfProfiles)
    try? reader.read(bytes, signal: signal, into: &reading)
    for observation in reading.observations {
        precondition(observation.metering.parts.allSatisfy { $0.usage.counts.allSatisfy { $0.count > 0 } })
    }
    for point in reading.points { precondition(point.reading.value >= 0) }
}

/// Reads `bytes` as every signal in every encoding; nothing may trap.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    for encoding in [TelemetryEncoding.protobuf, .json] {
        for signal in TelemetrySignal.allCases {
            for interest in interests {
                var sink = CheckingSink()
                let reader = TelemetryReader(encoding: encoding, interest: interest)
                do { try reader.read(bytes, signal: signal, into: &sink) } catch {
                    precondition(!error.message.isEmpty)
                }
            }
            understand(bytes, signal, encoding)
        }
    }
    return 0
}
