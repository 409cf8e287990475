internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// Books the calls of a batch, a line at a time, while their results are downloaded.
///
/// The calls never passed the gateway: the results are where their usage is seen. Each line is an event of its
/// own, named by the file and its `custom_id`, so that a second download books nothing.
final class BatchBooking {
    private var reader: BatchOutputReader
    private let attempt: Attempt
    /// The file or batch, by the path it is read from.
    private let source: String

    init(_ attempt: Attempt) {
        self.attempt = attempt
        reader = BatchOutputReader(provider: attempt.target.upstream.provider)
        source = attempt.call.accepted.path
    }

    func read(_ bytes: RawSpan) {
        let lines = Lines(attempt: attempt, source: source)
        reader.read(bytes) { lines.book($0) }
    }

    func finish() {
        let lines = Lines(attempt: attempt, source: source)
        reader.finish { lines.book($0) }
    }
}

/// Where the lines of one file are booked.
private struct Lines {
    let attempt: Attempt
    let source: String

    func book(_ line: BatchLine) {
        let call = attempt.call
        guard let name = line.customID ?? line.reading.responseID else { return }
        var service = attempt.service
        service.api = "batch.output"
        service.requestedModel = nil
        service.model = line.reading.model
        service.context = service.context.overridden(by: line.reading.context)
        var links = attempt.links
        links.responseID = line.reading.responseID
        let pricing = call.accepted.snapshot.pricing
        let event = CostEvent(
            id: EventID(source: "\(service.provider):batch", id: "\(source):\(name)"),
            at: call.startedAt,
            receivedAt: call.core.seams.now(),
            service: service,
            attribution: call.facts.attribution,
            metering: Metering(
                parts: line.reading.parts,
                quality: .exact,
                flags: line.reading.flags,
                raw: line.reading.raw
            ),
            rating: pricing.rate(
                line.reading.parts,
                provider: service.provider,
                api: service.api,
                model: service.model,
                at: call.startedAt,
                context: service.context
            ),
            reportedCost: line.reading.reportedCost,
            outcome: CallOutcome(status: attempt.answer.head?.status),
            links: links
        )
        call.bookBeside(event)
    }
}
