package import Logging
package import OutlayCore
package import OutlayMeters
internal import Synchronization

/// Where people's decisions about budgets are made: it keeps their state, writes them down and has the meters obey.
///
/// What a person or program decides is written first and takes effect then. What the product itself finds (a question,
/// a threshold) takes effect at once and is written within the second, in the order it was found and before any
/// decision about it.
package final class GovernanceDesk: Sendable {
    struct State: Sendable {
        var governance = Governance()
        /// Budgets of the configuration files, in their order.
        var files: [Budget] = []
        /// What took effect and is not written yet, the oldest first.
        var unwritten: [AuditDraft] = []
        var watchers: [String: [Watcher]] = [:]
        var watcherCount = 0
        var ticket: UInt64 = 0
        /// The reservations of admissions that are not settled, by the admission's id.
        var held: [String: UInt64] = [:]
        /// What telemetry has booked of the runs of admissions, by their id.
        var arrived: [String: Money] = [:]
        var webURL = ""
    }

    package let meters: Meters
    let state = Mutex(State())
    let log: any GovernanceLog
    let now: @Sendable () -> Timestamp
    let logger: Logger
    let turnstile = Turnstile()
    /// Makes the meters of ``budgets`` from the ledger, calling ``equip(_:)`` before any threshold is looked at.
    let makeMeters: @Sendable (GovernanceDesk) async throws -> Void

    /// The most changes that wait for being written; questions are refused beyond.
    static let unwrittenMax = 10_000
    static let watchersMax = 10_000
    private static let pageSize = 2000

    package init(
        log: any GovernanceLog,
        meters: Meters,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        makeMeters: @escaping @Sendable (GovernanceDesk) async throws -> Void = { $0.makeEmptyMeters() }
    ) {
        self.log = log
        self.meters = meters
        self.logger = logger
        self.now = now
        self.makeMeters = makeMeters
        meters.whenReached { [weak self] in self?.takeReached() }
    }

    // MARK: - State

    /// What was decided so far, as one value.
    package var governance: Governance { state.withLock { $0.governance } }

    /// Every budget in force, of files and by command.
    package var budgets: [Budget] { state.withLock { $0.governance.allBudgets(files: $0.files) } }

    package func use(webURL: String) {
        state.withLock { $0.webURL = webURL }
    }

    /// Reads the log from its start; the meters are made afterwards.
    package func load() async throws(LedgerError) {
        var last: Int64 = 0
        while true {
            let page = try await log.entries(after: last, limit: Self.pageSize)
            state.withLock { state in
                for entry in page { state.governance.apply(entry.draft) }
            }
            guard page.count == Self.pageSize, let end = page.last else { return }
            last = end.sequence
        }
    }

    /// Takes over what the configuration files say; the meters are made afterwards.
    package func use(_ resources: Resources) {
        state.withLock { state in
            state.files = resources.budgets
            state.governance.use(
                budgets: resources.budgets,
                adjustments: resources.adjustments,
                settings: resources.approvals
            )
        }
    }

    /// Takes over a changed configuration while calls go on; the meters are made anew where the budgets are others.
    package func take(_ resources: Resources) async {
        while await !turnstile.enter() { await Task.yield() }
        let before = budgets
        use(resources)
        if budgets != before { await remakeMetersOrTell() }
        obey()
        await turnstile.leave()
    }

    // MARK: - Commands

    /// Decides, writes down, has the meters obey, and tells who waits.
    ///
    /// - Returns: what was changed; empty is never returned.
    /// - Throws: ``GovernanceProblem`` or ``LedgerError``; nothing was changed then.
    @discardableResult
    package func execute(
        _ command: GovernanceCommand,
        by principal: Principal,
        reason: String? = nil,
        request: String? = nil
    ) async throws -> [GovernanceChange] {
        guard await turnstile.enter() else {
            throw GovernanceProblem.tooMany("Too many decisions wait for the disk: try again.")
        }
        let result: Result<[GovernanceChange], any Error>
        do {
            result = .success(try await carryOut(command, by: principal, reason: reason, request: request))
        } catch {
            result = .failure(error)
        }
        await turnstile.leave()
        return try result.get()
    }

    private func carryOut(
        _ command: GovernanceCommand,
        by principal: Principal,
        reason: String?,
        request: String?
    ) async throws -> [GovernanceChange] {
        let now = now()
        try await writeUnwritten()
        let id = Self.newID(for: command, at: now)
        let changes = try governance.decide(command, by: principal, id: id, reason: reason, at: now)
        let drafts = changes.map {
            AuditDraft(at: now, actor: principal, change: $0, reason: reason, request: request)
        }
        _ = try await log.append(drafts)
        await takeEffect(drafts)
        return changes
    }

    /// Writes what took effect before; the caller has passed the turnstile.
    func writeUnwritten() async throws(LedgerError) {
        let drafts = state.withLock { $0.unwritten }
        guard !drafts.isEmpty else { return }
        _ = try await log.append(drafts)
        state.withLock { $0.unwritten.removeFirst(drafts.count) }
    }

    /// Takes in what is written.
    private func takeEffect(_ drafts: [AuditDraft]) async {
        state.withLock { state in
            for draft in drafts { state.governance.apply(draft) }
        }
        if drafts.contains(where: { $0.change.isAboutBudgets }) { await remakeMetersOrTell() }
        obey()
        tell(drafts)
    }

    /// Takes in what the product found, to be written within the second.
    ///
    /// - Parameter find: finds it in what was decided so far, and applies it there.
    func takeEffectUnwritten(_ find: (inout Governance) -> [AuditDraft]) {
        let drafts = state.withLock { state in
            let drafts = find(&state.governance)
            state.unwritten += drafts
            return drafts
        }
        guard !drafts.isEmpty else { return }
        obey()
        tell(drafts)
    }

    func takeEffectUnwritten(_ drafts: [AuditDraft]) {
        takeEffectUnwritten { governance in
            for draft in drafts { governance.apply(draft) }
            return drafts
        }
    }

    /// Writes down now what took effect: what it lets somebody do must not be forgotten by a kill.
    package func writeDown() async throws {
        guard await turnstile.enter() else {
            throw GovernanceProblem.tooMany("Too many decisions wait for the disk: try again.")
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await writeUnwritten())
        } catch {
            result = .failure(error)
        }
        await turnstile.leave()
        try result.get()
    }

    // MARK: - Names

    /// A fresh name: `apr_` and 26 characters that sort by time.
    static func newID(_ prefix: String, at now: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return prefix + "_" + CallID(at: now, random: &random).description.dropFirst(5)
    }

    private static func newID(for command: GovernanceCommand, at now: Timestamp) -> String {
        switch command {
        case .adjust: newID("grt", at: now)
        case .suspend: newID("sus", at: now)
        default: newID("apr", at: now)
        }
    }
}

extension GovernanceChange {
    fileprivate var isAboutBudgets: Bool {
        switch self {
        case .budgetSet, .budgetRemoved: true
        default: false
        }
    }
}
