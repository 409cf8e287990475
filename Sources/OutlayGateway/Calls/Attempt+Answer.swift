internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// The answer: read as it comes, shown untouched.
extension Attempt: UpstreamReceiver {
    func received(_ head: ResponseHead) {
        guard case .waiting = phase else { return }
        answer.take(head)
        if isRedirect(head) { return redirected() }
        if call.hasFallback, head.status >= 500 || head.status == 429 { return passOver() }
        if injectsUsage, answer.isEventStream, case .plain = answer.encoding { answer.splice = StreamSplice() }
        answer.reader = answerReader(
            dialect: target.upstream.dialect,
            provider: target.upstream.provider,
            api: call.accepted.route.api,
            isStream: call.facts.isStream,
            contentType: head["content-type"],
            peek: call.facts.peek
        )
        if let tokenizer = target.measure(of: call.facts.mappedModel(at: target))?.tokenizer {
            answer.reader?.countTokens(by: tokenizer)
        }
        let isBatch = call.accepted.route.billing == .retrieval && call.accepted.route.api == "batch.output"
        if isBatch, head.status == 200 { answer.batch = BatchBooking(self) }
        setAlarm(milliseconds: call.limits.times.streamIdle)
        if answer.isDrained {
            phase = .draining
            setAlarm(milliseconds: call.limits.times.drain)
        } else if !call.accepted.route.isStream, answer.isHoldable(max: call.limits.heldAnswerBytesMax) {
            phase = .holding
        } else {
            show()
        }
    }

    func received(_ body: ByteBuffer) {
        answer.bytes &+= body.readableBytes
        if case .plain = answer.encoding { meter(body) }
        switch phase {
        case .holding:
            answer.held.take(body)
            if answer.held.readableBytes > call.limits.heldAnswerBytesMax { show() }
        case .streaming where isLastPart: answer.held.take(body)
        case .streaming: stream(body)
        case .draining:
            if answer.bytes > call.limits.drainBytesMax { end(Ending(goneKind)) }
        case .opening, .waiting, .done: break
        }
        watchFlow()
    }

    func inflated(_ body: ByteBuffer) {
        meter(body)
    }

    private func meter(_ body: ByteBuffer) {
        if answer.batch == nil {
            answer.reader?.read(body.readableBytesSpan)
        } else {
            answer.batch?.read(body.readableBytesSpan)
        }
    }

    func inflationFailed() {
        answer.encoding = .unreadable
    }

    func readCompleted() {
        switch phase {
        case .waiting, .holding: readMore()
        case .draining: readMore()
        case .streaming:
            client?.flush()
            setAlarm(milliseconds: call.limits.times.streamIdle)
            if client?.isWritable ?? false { readMore() }
        case .opening, .done: break
        }
    }

    func receivedEnd() {
        switch phase {
        case .done, .opening: letGo(keep: false)
        case .waiting: failed(.lost)
        case .holding where shouldRepeatWithoutUsage: repeatWithoutUsage()
        case .holding, .streaming, .draining: completed()
        }
    }

    func broke() {
        switch phase {
        case .waiting where link?.isUsed ?? false: resend()
        case .waiting: failed(.lost)
        case .holding, .streaming: truncated()
        case .draining: end(Ending(goneKind))
        case .opening, .done: break
        }
    }

    // MARK: - What the client sees

    /// Shows the head and what was held, and goes on showing.
    private func show() {
        phase = .streaming
        sendHead(cost: nil)
        let held = answer.held
        answer.held = ByteBuffer()
        stream(held)
    }

    /// In strict mode the bytes that complete a body of known length wait for the ledger.
    private var isLastPart: Bool {
        guard call.core.isStrict, let length = answer.head?["content-length"].flatMap({ Int($0) }) else { return false }
        return answer.bytes >= length
    }

    /// Passes bytes on; without the usage that was asked for on the client's behalf.
    func stream(_ body: ByteBuffer) {
        guard answer.splice != nil else {
            client?.send(body)
            return
        }
        var shown: [UInt8] = []
        answer.splice?.write(body.readableBytesSpan, into: &shown)
        if !shown.isEmpty { client?.send(ByteBuffer(bytes: shown)) }
    }

    /// Passes on what the splice held back of an event that has no end.
    func streamRest() {
        var shown: [UInt8] = []
        answer.splice?.finish(into: &shown)
        if !shown.isEmpty { client?.send(ByteBuffer(bytes: shown)) }
    }

    func sendHead(cost: Money?) {
        guard let head = answer.head else { return }
        let isSpliced = answer.splice != nil
        var (fields, named): ([Field], [String]) = ([], [])
        // Room for what is added on the way.
        fields.reserveCapacity(head.fields.count + call.facts.notices.count + 3)
        for field in head.fields {
            guard !FieldRole.isDroppedFromAnswer(field.name) else {
                named += field.connectionOptions
                continue
            }
            if !isSpliced || !field.name.isField("content-length") { fields.append(field) }
        }
        if !named.isEmpty { fields.removeAll { field in named.contains { field.name.isField($0) } } }
        if let cost { fields.append(Field("x-outlay-cost-usd", cost.description)) }
        fields.append(contentsOf: call.facts.notices)
        client?.send(ResponseHead(status: head.status, reason: head.reason, fields: fields))
    }

    // MARK: - Answers that are not shown

    private func isRedirect(_ head: ResponseHead) -> Bool {
        (300..<400).contains(head.status) && head.status != 304
    }

    /// A redirect could carry the key to another place: it ends here (S-02).
    private func redirected() {
        let client = client
        end(Ending(.providerError))
        client?.refuse(.redirected)
    }

    private func passOver() {
        end(Ending(.providerError), isLast: false)
        call.fallBack()
    }

    /// A 400 that names `stream_options` means the upstream does not know what we put in.
    private var shouldRepeatWithoutUsage: Bool {
        guard injectsUsage, client != nil, answer.head?.status == 400 else { return false }
        return String(decoding: answer.held.readableBytesView, as: UTF8.self).contains("stream_options")
    }

    private func repeatWithoutUsage() {
        end(Ending(.providerError, isWhole: true), isLast: false, keep: answer.head?.keepsAlive ?? false)
        call.repeatWithoutUsage(at: target)
    }
}
