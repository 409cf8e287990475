internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// Makes the ledger's event of one ended attempt: what it consumed, what that costs, how it went.
struct Booking {
    /// Closes the attempt's intent, under the same name.
    let event: CostEvent
    /// The usage of a background response, under the response's own name; booked before ``event``.
    ///
    /// Every later look at the response yields the same event, which the ledger keeps once.
    let response: CostEvent?

    init(_ attempt: Attempt, ending: Ending, reading: AnswerReading?) {
        let seen = Seen(attempt, ending: ending, reading: reading ?? AnswerReading())
        let metering = seen.metering(attempt.call.core)
        guard let name = seen.responseName(metering) else {
            event = Self.event(attempt.eventID, metering, seen)
            response = nil
            return
        }
        response = Self.event(name, metering, seen)
        event = Self.event(attempt.eventID, Metering(quality: .unbilled, flags: ["background"]), seen)
    }

    private static func event(_ id: EventID, _ metering: Metering, _ seen: Seen) -> CostEvent {
        let call = seen.attempt.call
        let service = seen.service
        var event = CostEvent(
            id: id,
            at: call.startedAt,
            receivedAt: call.core.seams.now(),
            service: service,
            attribution: call.facts.attribution,
            metering: metering,
            rating: rating(metering, service: service, at: call.startedAt, by: call.accepted.snapshot.pricing),
            reportedCost: metering.quality == .unbilled ? nil : seen.reading.reportedCost,
            outcome: seen.outcome,
            links: seen.links
        )
        // Changing an event makes it anew.
        if let held = held(of: call.reservation?.most, for: event) { event.held = held }
        return event
    }

    /// What budgets go on holding for a call whose cost stayed unknown: all that is not known of the most it can take.
    private static func held(of most: Consumption?, for event: CostEvent) -> Consumption? {
        guard let most, event.rating.state != .rated else { return nil }
        let known = Consumption(of: event)
        let tokens = event.metering.parts.isEmpty ? max(0, most.tokens - known.tokens) : 0
        return Consumption(cost: max(.zero, most.cost - known.cost), tokens: tokens, calls: 0)
    }

    /// What is not billed costs nothing, for sure; what nobody knows has no price.
    private static func rating(
        _ metering: Metering,
        service: ServiceUse,
        at time: Timestamp,
        by pricing: any Pricing
    ) -> Rating {
        switch metering.quality {
        case .unbilled: Rating(lines: [], state: .rated, version: pricing.version)
        case .unmetered, .indeterminate: Rating(lines: [], state: .unpriced, version: pricing.version)
        case .exact, .estimated:
            pricing.rate(
                metering.parts,
                provider: service.provider,
                api: service.api,
                model: service.model,
                at: time,
                context: service.context
            )
        }
    }
}

/// One ended attempt as the booking sees it.
private struct Seen {
    let attempt: Attempt
    let ending: Ending
    let reading: AnswerReading

    init(_ attempt: Attempt, ending: Ending, reading: AnswerReading) {
        self.attempt = attempt
        self.ending = ending
        self.reading = reading
    }

    private var call: Call { attempt.call }
    private var facts: CallFacts { attempt.call.facts }
    private var status: Int? { attempt.answer.head?.status }
    private var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }

    // MARK: - Names

    var service: ServiceUse {
        var service = attempt.service
        service.context = service.context.overridden(by: reading.context)
        service.model = reading.model ?? (facts.route.billing == .metered ? facts.mappedModel(at: attempt.target) : nil)
        return service
    }

    /// The name that the usage of a background response is booked by; `nil` for everything else.
    func responseName(_ metering: Metering) -> EventID? {
        guard isBackground, metering.quality == .exact, let id = reading.responseID else { return nil }
        return EventID(source: "\(attempt.target.upstream.provider):response", id: id)
    }

    private var isBackground: Bool {
        switch facts.route.billing {
        case .metered: facts.isBackground
        case .retrieval: facts.route.api == "responses" && BackgroundMark.isIn(attempt.answer.held)
        case .free, .deferred, .refused: false
        }
    }

    var links: CallLinks {
        var links = attempt.links
        links.responseID = reading.responseID
        let head = attempt.answer.head
        links.requestID = Self.requestIDFields.lazy.compactMap { head?[$0] }.first.map { String($0.prefix(256)) }
        return links
    }

    private static let requestIDFields = [
        "x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-generation-id",
    ]

    // MARK: - How it went

    var outcome: CallOutcome {
        CallOutcome(
            ending: kind,
            status: status,
            latencyMicroseconds: Self.microseconds(since: call.start, until: .now()),
            timeToFirstTokenMicroseconds: attempt.answer.firstByteAt.map {
                Self.microseconds(since: call.start, until: $0)
            },
            isStream: facts.isStream
        )
    }

    private var kind: CallOutcome.Ending {
        guard ending.kind == .completed else { return ending.kind }
        guard isSuccess || status == 304, !reading.isError else { return .providerError }
        return facts.route.billing == .metered && isReadable && !reading.isComplete ? .truncated : .completed
    }

    private static func microseconds(since start: NIODeadline, until end: NIODeadline) -> Int64 {
        max(0, (end - start).nanoseconds / 1000)
    }

    private var isReadable: Bool {
        if case .unreadable = attempt.answer.encoding { false } else { true }
    }

    // MARK: - What it consumed

    func metering(_ core: GatewayCore) -> Metering {
        guard !facts.route.isFree, ending.isForwarded else { return Metering(quality: .unbilled) }
        guard status != nil else { return Metering(quality: .indeterminate) }
        if facts.route.billing == .retrieval { return retrieved }
        // Whole usage needs no estimate.
        let isCounted = reading.hasUsage && !reading.isOutputPartial
        let (ratio, prompt) = isCounted ? (.standard, nil) : attempt.estimates(model: model, core)
        if isBilledError {
            return .estimated(prompt: facts.peek.promptCharacters, output: 0, ratio: ratio, tokens: prompt)
        }
        guard isReadable || !isSuccess else { return Metering(quality: .unmetered, flags: ["content_encoding"]) }
        let metering = Metering(of: reading, peek: facts.peek, isSuccess: isSuccess, ratio: ratio, prompt: prompt)
        if metering.quality == .exact, reading.isComplete {
            core.learn(from: reading, provider: attempt.target.upstream.provider, model: model)
        }
        return metering
    }

    private var model: String? { reading.model ?? facts.mappedModel(at: attempt.target) }

    /// Usage that is seen again is booked where it belongs to a background response, and nowhere else.
    private var retrieved: Metering {
        guard reading.hasUsage, !reading.isOutputPartial, isBackground, reading.responseID != nil else {
            return Metering(quality: .unbilled)
        }
        return Metering(parts: reading.parts, quality: .exact, flags: reading.flags, raw: reading.raw)
    }

    /// Azure bills a prompt that its content filter refuses with 400.
    private var isBilledError: Bool {
        guard attempt.target.upstream.dialect == .azureOpenAI, status == 400, !reading.hasUsage else { return false }
        return String(decoding: attempt.answer.held.readableBytesView, as: UTF8.self).contains("content_filter")
    }
}

extension Attempt {
    /// `call_…` for the first attempt, `call_…#2` for the next.
    var eventID: EventID {
        EventID(source: "gateway", id: number == 1 ? call.name : "\(call.name)#\(number)")
    }

    var links: CallLinks {
        var links = call.facts.links
        links.attempt = links.attempt &+ (number - 1)
        return links
    }

    var intent: CallIntent {
        var intent = CallIntent(
            id: eventID,
            at: call.startedAt,
            service: service,
            attribution: call.facts.attribution,
            links: links,
            isStream: call.facts.isStream
        )
        intent.held = call.reservation?.most
        return intent
    }
}
