package import OutlayCore
internal import OutlayWeb
package import OutlayWire

/// Books what people and programs report: a request in one transaction, each record once.
package struct EventDesk: Sendable {
    let ledger: any Ledger
    let rules: ReportedEventRules
    let now: Timestamp

    package init(ledger: any Ledger, rules: ReportedEventRules, now: Timestamp) {
        self.ledger = ledger
        self.rules = rules
        self.now = now
    }

    /// Books `post`, or says of every record why it cannot be.
    ///
    /// - Parameters:
    ///   - source: who numbers the records.
    ///   - key: whose word it is; `nil` is the administrator's.
    package func book(_ post: EventPost, source: String, key: KeyRules?) async throws -> EventsAnswer {
        let events = events(of: post, source: source, key: key)
        try check(events)
        var answer = EventsAnswer()
        var booking: [(index: Int, event: CostEvent)] = []
        for (index, event) in events.enumerated() {
            guard let known = try await sameCall(as: event) else {
                booking.append((index, event))
                continue
            }
            answer.duplicates += 1
            answer.sameCalls.append(EventsAnswer.SameCall(index: index, event: known))
        }
        if post.isDryRun {
            answer.isDryRun = true
            answer.count(booking.map(\.event))
            return answer
        }
        let result = try await append(booking.map(\.event))
        for (position, (index, event)) in booking.enumerated() where result.skipped.contains(position) {
            if result.conflicts > 0, try await isConflict(event) {
                answer.conflicts += 1
                answer.conflictIndexes.append(index)
            } else {
                answer.duplicates += 1
            }
        }
        let new = booking.enumerated().filter { !result.skipped.contains($0.offset) }.map(\.element)
        answer.count(new.map(\.event))
        answer.unidentified = new.count { post.name(at: $0.index) == nil }
        return answer
    }

    private func events(of post: EventPost, source: String, key: KeyRules?) -> [CostEvent] {
        var random = SystemRandomNumberGenerator()
        return post.reports.enumerated().map { index, report in
            let name = post.name(at: index) ?? CallID(at: now, random: &random).description
            return rules.event(for: report, id: EventID(source: source, id: name), key: key, receivedAt: now)
        }
    }

    /// What no row of the ledger can hold is told before anything is written.
    private func check(_ events: [CostEvent]) throws {
        var problems: [EventProblem] = []
        for (index, event) in events.enumerated() {
            let total = event.rating.total ?? .zero
            let isTooDear = total > Self.amountMax
            guard let excess = isTooDear ? "a cost of \(total) dollars" : EventBounds.excess(of: event) else {
                continue
            }
            problems.append(EventProblem(index: index, message: "\(excess) is more than one event can hold"))
        }
        guard problems.isEmpty else {
            let kept = Array(problems.prefix(ReportedEvent.Batch.problemsMax))
            throw APIError(about: kept, count: problems.count)
        }
    }

    /// An amount is a number of picodollars in 64 bits.
    private static let amountMax = Money(picodollars: Int128(Int64.max))

    private func append(_ events: [CostEvent]) async throws -> AppendResult {
        guard !events.isEmpty else { return AppendResult() }
        do {
            return try await ledger.append(events)
        } catch .unbookable(let id, let reason) {
            throw APIError(.invalidRequest, "The event '\(id)' cannot be booked: \(reason). Nothing was booked.")
        }
    }

    /// The event by which another door booked the same call, by the provider's response or the gateway's call.
    private func sameCall(as event: CostEvent) async throws -> String? {
        let call = event.links.requestID.flatMap { CallID($0) }
        for name in [event.links.responseID, call?.description].compactMap(\.self) {
            let known = try await ledger.history(of: name).filter { other in
                other.attribution.workspace == event.attribution.workspace && other.id.source != event.id.source
                    && (other.links.responseID == name || (call != nil && other.links.call == call))
            }
            let standing = known.reduce(0) { $0 + ($1.kind.isReversal ? -1 : 1) }
            if standing > 0, let first = known.first { return first.links.call?.description ?? first.id.id }
        }
        return nil
    }

    /// Whether what is booked under the name says something else; other prices and rules since do not.
    private func isConflict(_ event: CostEvent) async throws -> Bool {
        guard let first = try await ledger.history(of: event.id.id).first(where: { $0.id == event.id }) else {
            return false
        }
        return !first.isSameReport(as: event)
    }
}

extension CostEvent.Kind {
    fileprivate var isReversal: Bool {
        if case .reversal = self { true } else { false }
    }
}
