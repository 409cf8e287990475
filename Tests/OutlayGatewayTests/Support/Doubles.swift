import OutlayCore
import OutlayGateway
import Synchronization

/// A call book that remembers, for tests to wait on.
final class RecordingBook: CallBook {
    private struct State {
        var intents: [CallIntent] = []
        var events: [CostEvent] = []
        var isFull = false
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var commits: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    func fill() {
        state.withLock { $0.isFull = true }
    }

    func intend(_ intent: CallIntent) throws(CallBookError) {
        let isFull = state.withLock { state in
            if !state.isFull { state.intents.append(intent) }
            return state.isFull
        }
        if isFull { throw .full }
    }

    func settle(_ event: CostEvent, committed: (@Sendable () -> Void)?) {
        let ready = state.withLock { state in
            state.events.append(event)
            if let committed { state.commits.append(committed) }
            let ready = state.waiters.filter { $0.count <= state.events.count }.map(\.continuation)
            state.waiters.removeAll { $0.count <= state.events.count }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    /// Makes every event so far durable.
    func commit() {
        let commits = state.withLock { state in
            defer { state.commits = [] }
            return state.commits
        }
        for commit in commits { commit() }
    }

    var intents: [CallIntent] { state.withLock { $0.intents } }
    var events: [CostEvent] { state.withLock { $0.events } }

    /// Waits for `count` events and returns them.
    func settled(_ count: Int) async -> [CostEvent] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.events.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
        return events
    }
}

/// $1 per million input and $2 per million output, for models that begin with `known`.
struct FlatPricing: Pricing {
    let version = "flat-1"

    func rate(
        _ parts: [UsagePart],
        provider: String,
        api: String,
        model: String?,
        at time: Timestamp,
        context: RatingContext
    ) -> Rating {
        guard let model, model.hasPrefix("known") else { return Rating(lines: [], state: .unpriced, version: version) }
        let lines = parts.flatMap { part in
            part.usage.counts.map { count in
                CostLine(
                    unit: count.unit,
                    model: model,
                    quantity: count.count,
                    listRate: Rate(picodollars: count.unit == .output ? 2_000_000 : 1_000_000)
                )
            }
        }
        return Rating(lines: lines, state: .rated, version: version)
    }
}

/// Headers named `x-team` and so on are claims, and all of them count; then the trace's tags.
struct PlainAttributing: Attributing {
    private static let dimensions: [String: Dimension] = [
        "x-team": .team, "x-project": .project, "x-run": .run, "x-feature": .feature,
    ]

    func isClaim(field name: String) -> Bool {
        Self.dimensions[name.lowercased()] != nil
    }

    func attribute(_ claims: CallClaims, key: KeyRules, at time: Timestamp, inherited: TagSet?) -> Attribution {
        var tags = TagSet.empty
        for tag in inherited ?? .empty { tags[tag.dimension] = tag.value }
        for field in claims.fields {
            if let dimension = Self.dimensions[field.name.lowercased()] { tags[dimension] = field.value }
        }
        for tag in claims.token?.tags ?? [] { tags[tag.dimension] = tag.value }
        if tags[.run] == nil { tags[.run] = claims.traceID }
        for tag in key.tags { tags[tag.dimension] = tag.value }
        return Attribution(workspace: key.workspace, key: key.name, effective: tags)
    }
}
