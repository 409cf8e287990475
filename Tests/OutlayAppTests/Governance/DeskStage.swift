import Logging
@testable import OutlayApp
import OutlayCore
import OutlayMeters
import Synchronization

/// An audit log in memory that can be made to fail.
final class MemoryLog: GovernanceLog {
    private let state = Mutex<(entries: [AuditEntry], isBroken: Bool)>(([], false))

    var drafts: [AuditDraft] { state.withLock { $0.entries.map(\.draft) } }

    func breakDown(_ isBroken: Bool = true) {
        state.withLock { $0.isBroken = isBroken }
    }

    func append(_ drafts: [AuditDraft]) async throws(LedgerError) -> [AuditEntry] {
        await Task.yield()
        let written = state.withLock { state -> [AuditEntry]? in
            guard !state.isBroken else { return nil }
            let first = Int64(state.entries.count) + 1
            let new = drafts.enumerated().map { AuditEntry(sequence: first + Int64($0.offset), $0.element) }
            state.entries += new
            return new
        }
        guard let written else { throw .unavailable(reason: "the disk is full") }
        return written
    }

    func entries(after sequence: Int64, limit: Int) async throws(LedgerError) -> [AuditEntry] {
        state.withLock { Array($0.entries.filter { $0.sequence > sequence }.prefix(limit)) }
    }

    func entries(before sequence: Int64, limit: Int) async throws(LedgerError) -> [AuditEntry] {
        state.withLock { Array($0.entries.filter { $0.sequence < sequence }.reversed().prefix(limit)) }
    }
}

/// A clock that the test moves.
final class ManualTime: Sendable {
    private let state = Mutex(Timestamp(seconds: 1_795_176_000))

    var now: Timestamp { state.withLock { $0 } }

    func advance(bySeconds seconds: Int64) {
        state.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}

/// A desk with its meters, over a log that outlives it.
struct DeskStage {
    let log: MemoryLog
    let time: ManualTime
    let desk: GovernanceDesk

    var meters: Meters { desk.meters }

    init(_ resources: Resources = Resources(), log: MemoryLog = MemoryLog(), time: ManualTime = ManualTime())
        async throws
    {
        self.log = log
        self.time = time
        let now: @Sendable () -> Timestamp = { time.now }
        desk = GovernanceDesk(
            log: log,
            meters: Meters(now: now),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: now
        )
        desk.use(resources)
        try await desk.load()
        try await desk.remakeMeters()
    }

    /// The process dies and another one takes over its log.
    func restarted(_ resources: Resources = Resources()) async throws -> DeskStage {
        try await DeskStage(resources, log: log, time: time)
    }

    func reserve(_ dollars: String, _ tags: TagSet) -> BudgetDecision {
        meters.reserve(request(dollars, tags), seconds: 3600)
    }

    func request(_ dollars: String, _ tags: TagSet) -> BudgetRequest {
        let most = Consumption(cost: Money(dollars: dollars) ?? .zero, tokens: 10)
        return BudgetRequest(CallSubject(tags: tags, key: tags[.key]), at: time.now, most: most)
    }

    /// Something is booked, as the ledger would tell.
    func book(_ dollars: String, _ tags: TagSet) {
        let subject = CallSubject(tags: tags, key: tags[.key])
        let now = time.now
        meters.change { board in
            let actual = Consumption(cost: Money(dollars: dollars) ?? .zero, tokens: 10)
            board.post(actual, of: subject, eventAt: now, at: now)
        }
    }

    func set(_ name: String, _ limit: String, _ actions: [(Int, [String])] = []) async throws {
        guard let limit = BudgetLimit(text: limit) else { return }
        var form = BudgetForm(name: name, limit: limit)
        form.enforcement = "hard"
        form.at = actions.map { BudgetForm.Step(percent: $0.0, do: $0.1) }
        try await desk.execute(.setBudget(form), by: .administrator)
    }
}

extension BudgetDecision {
    var word: String {
        switch self {
        case .admitted: "admitted"
        case .refused: "refused"
        case .needsApproval: "approval"
        case .throttled: "throttled"
        case .suspended: "suspended"
        case .unwatchable: "unwatchable"
        }
    }
}
