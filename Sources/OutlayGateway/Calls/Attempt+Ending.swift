internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// Every way an attempt ends; each books it exactly once.
extension Attempt {
    /// The answer came whole.
    func completed() {
        let wasHolding = if case .holding = phase { true } else { false }
        let kind: CallOutcome.Ending = client == nil ? goneKind : .completed
        let keep = answer.head?.keepsAlive ?? false
        guard call.core.isStrict, client != nil else {
            let event = end(Ending(kind, isWhole: true), keep: keep)
            return showEnd(cost: event.flatMap(Self.shownCost), wasHolding: wasHolding)
        }
        let last = NIOLoopBound(self, eventLoop: call.state.loop)
        let event = end(Ending(kind, isWhole: true), keep: keep) {
            last.eventLoop.execute { last.value.committed?() }
        }
        let cost = event.flatMap(Self.shownCost)
        committed = { [self] in
            committed = nil
            showEnd(cost: cost, wasHolding: wasHolding)
        }
    }

    /// Shows what is left: in strict mode once the event is durable, else at once.
    private func showEnd(cost: Money?, wasHolding: Bool) {
        guard let client else { return }
        if wasHolding {
            sendHead(cost: cost)
            client.send(answer.held)
        } else {
            stream(answer.held)
            streamRest()
        }
        client.end()
    }

    /// The answer ended before its end: the client sees that it did.
    func truncated() {
        let wasHolding = if case .holding = phase { true } else { false }
        let client = client
        end(Ending(.truncated))
        if !wasHolding { streamRest() }
        if wasHolding, let client {
            sendHead(cost: nil)
            client.send(answer.held)
            client.flush()
        }
        client?.breakOff()
    }

    /// No answer came.
    func failed(_ refusal: Refusal) {
        guard !answer.isDrained else {
            end(Ending(.clientGone))
            return
        }
        let isForwarded = if case .opening = phase { false } else { true }
        let client = client
        if call.hasFallback {
            end(Ending(.unreachable, isForwarded: isForwarded), isLast: false)
            return call.fallBack()
        }
        end(Ending(.unreachable, isForwarded: isForwarded))
        client?.refuse(refusal)
    }

    /// Books the attempt and lets its connection go; does nothing the second time.
    @discardableResult
    func end(
        _ ending: Ending,
        isLast: Bool = true,
        keep: Bool = false,
        committed: (@Sendable () -> Void)? = nil
    ) -> CostEvent? {
        if case .done = phase { return nil }
        phase = .done
        if ending.isWhole { answer.batch?.finish() }
        answer.batch = nil
        let reading = answer.reader?.finish(isCut: !ending.isWhole)
        answer.reader = nil
        letGo(keep: keep)
        let booking = Booking(self, ending: ending, reading: reading)
        if let response = booking.response { call.bookBeside(response) }
        call.book(booking.event, isLast: isLast, committed: committed)
        return booking.event
    }

    /// The cost an answer may show: known in full, be it nothing.
    private static func shownCost(_ event: CostEvent) -> Money? {
        event.rating.state == .rated ? event.rating.total : nil
    }
}
