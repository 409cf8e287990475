/// Reads one request of OTLP and hands its records on one at a time.
///
/// Memory does not grow with the request: a record is there while it is read, and of it only what the interest names.
/// No bytes make it trap.
package struct TelemetryReader: Sendable {
    private let encoding: TelemetryEncoding
    private let interest: AttributeInterest
    private let limits: TelemetryLimits

    package init(
        encoding: TelemetryEncoding,
        interest: AttributeInterest,
        limits: TelemetryLimits = TelemetryLimits()
    ) {
        self.encoding = encoding
        self.interest = interest
        self.limits = limits
    }

    /// Reads all of `bytes`.
    ///
    /// When it throws, what the sink took before is worthless and must be dropped. In JSON a scalar that comes twice
    /// counts as the last one says; an object or array that comes twice is an error.
    package func read(
        _ bytes: [UInt8],
        signal: TelemetrySignal,
        into sink: inout some TelemetrySink
    ) throws(TelemetryReadError) {
        let reading = RequestReading(interest: interest, limits: limits)
        // The bytes of an array of bytes hold no padding.
        let span = unsafe bytes.span.bytes
        switch encoding {
        case .protobuf:
            var telemetry = ProtobufTelemetry(signal: signal, reading: reading)
            try telemetry.request(span, into: &sink)
        case .json:
            var telemetry = JSONTelemetry(signal: signal, reading: reading, count: span.byteCount)
            try telemetry.request(span, into: &sink)
        }
    }
}
