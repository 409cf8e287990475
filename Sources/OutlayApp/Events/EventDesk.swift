package import OutlayCore
internal import OutlayWeb
package import OutlayWire
internal import Synchronization

/// Books what people and programs report: a request in one transaction, each record once.
package struct EventDesk: Sendable {
    let ledger: any TelemetryLedger
    let rules: ReportedEventRules
    let now: Timestamp

    package init(ledger: any TelemetryLedger, rules: ReportedEventRules, now: Timestamp) {
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
        let known = SameCalls()
        let booking = try await unknown(events, of: post, known)
        let result = try await append(booking, isDryRun: post.isDryRun, known)
        answer.isDryRun = post.isDryRun
        answer.sameCalls = known.found
        let rest = booking.filter { !known.contains($0.index) }
        var new: [Candidate] = []
        for (position, candidate) in rest.enumerated() {
            if !result.skipped.contains(position) {
                new.append(candidate)
            } else if result.conflicts > 0, try await isConflict(candidate.event) {
                answer.conflictIndexes.append(candidate.index)
            }
        }
        answer.conflicts = answer.conflictIndexes.count
        answer.duplicates = events.count - new.count - answer.conflicts
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

    /// The records that no other door booked, by the provider's response or the gateway's own id of the call.
    ///
    /// Only calls can be the same: a tool's fee may name the response that asked for the tool.
    private func unknown(_ events: [CostEvent], of post: EventPost, _ known: SameCalls) async throws -> [Candidate] {
        var candidates: [Candidate] = []
        for (index, (event, report)) in zip(events, post.reports).enumerated() {
            if report.kind == .call, let other = try await sameCall(as: event) {
                known.add(index, other)
            } else {
                candidates.append(Candidate(index: index, event: event, isCall: report.kind == .call))
            }
        }
        return candidates
    }

    private func sameCall(as event: CostEvent) async throws -> String? {
        let call = event.links.requestID.flatMap { CallID($0) }
        for name in [event.links.responseID, call?.description].compactMap(\.self) {
            let others = try await ledger.history(of: name).filter { other in
                other.attribution.workspace == event.attribution.workspace && other.id.source != event.id.source
                    && (other.links.responseID == name || (call != nil && other.links.call == call))
            }
            let standing = others.reduce(0) { $0 + ($1.kind.isReversal ? -1 : 1) }
            if standing > 0, let first = others.first { return first.name }
        }
        return nil
    }

    /// Books the candidates but those whose request the gateway knows, all in one transaction.
    private func append(_ candidates: [Candidate], isDryRun: Bool, _ known: SameCalls) async throws -> AppendResult {
        guard !candidates.isEmpty else { return AppendResult() }
        do {
            return try await ledger.record { transaction in
                var events: [CostEvent] = []
                for candidate in candidates {
                    if let call = try candidate.gatewayCall(in: transaction) {
                        known.add(candidate.index, call.name)
                    } else {
                        events.append(candidate.event)
                    }
                }
                return try isDryRun ? [] : events.map(ledger.ready)
            }.result
        } catch .unbookable(let id, let reason) {
            throw APIError(.invalidRequest, "The event '\(id)' cannot be booked: \(reason). Nothing was booked.")
        }
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

/// A record that may be booked, and its place in the request.
private struct Candidate: Sendable {
    let index: Int
    let event: CostEvent
    let isCall: Bool

    /// The gateway's call with the same request id; clocks and long answers may lie half a day between the two.
    func gatewayCall(in transaction: any TelemetryTransaction) throws -> CostEvent? {
        guard isCall, let request = event.links.requestID else { return nil }
        let day = event.at.advanced(bySeconds: -43_200)..<event.at.advanced(bySeconds: 43_200)
        let names = CallNames(others: [CallNames.request(request)])
        return try transaction.gatewayCall(names, near: day, workspace: event.attribution.workspace)
    }
}

/// Records that say what another door booked, found before and within the transaction.
private final class SameCalls: Sendable {
    private let calls = Mutex<[Int: String]>([:])

    func add(_ index: Int, _ event: String) {
        calls.withLock { $0[index] = event }
    }

    func contains(_ index: Int) -> Bool { calls.withLock { $0[index] != nil } }

    var found: [EventsAnswer.SameCall] {
        calls.withLock { $0.sorted { $0.key < $1.key } }.map { EventsAnswer.SameCall(index: $0.key, event: $0.value) }
    }
}

extension CostEvent {
    /// What people find it by.
    fileprivate var name: String { links.call?.description ?? id.id }
}
