/// What people and thresholds decided about budgets, as it stands: a fold over the audit log.
///
/// A value without clock, lock or store. ``decide(_:by:id:at:)`` says what a command changes, ``apply(_:)`` takes a
/// change in; whoever owns the value writes the changes down in between.
package struct Governance: Sendable {
    /// Who may approve, and for how long requests stay open.
    package var settings = ApprovalSettings()
    /// Budgets and adjustments of the configuration files, which commands do not change.
    package private(set) var fileBudgets: [String: Budget] = [:]
    package private(set) var fileAdjustments: [Adjustment] = []

    /// Budgets that were set by command.
    package private(set) var budgets: [String: Budget] = [:]
    package private(set) var given: [String: AdjustmentForm] = [:]
    package private(set) var requests: [String: ApprovalRequest] = [:]
    /// Approvals of calls that are in force, by the request's id.
    package private(set) var approvals: [String: Approval] = [:]
    package private(set) var suspensions: [String: Suspension] = [:]
    package private(set) var signOffs: [String: SignOffForm] = [:]
    /// Runs that asked before they spent, and whose amounts are held.
    package private(set) var admissions: [String: AdmissionForm] = [:]
    private var announcements: [MeterName: Announced] = [:]
    /// The open or denied request of each question.
    private var questions: [ApprovalQuestion.Identity: String] = [:]
    /// Decided requests, the oldest first.
    private var decided: [String] = []
    private var openCount: [Principal: Int] = [:]

    /// The most of each that are kept; more are refused, or the oldest forgotten (they stay in the log).
    package static let openMax = 1000
    package static let openPerRequesterMax = 50
    static let decidedMax = 2000
    static let adjustmentsPerBudgetMax = 100
    static let suspensionsMax = 10_000
    static let budgetsMax = 1000
    package static let admissionsMax = 10_000
    static let announcementsMax = 100_000

    private struct MeterName: Hashable, Sendable {
        let budget: String
        let group: [Tag]
    }

    private struct ThresholdName: Hashable, Sendable {
        let percent: Int
        let basis: Threshold.Basis
    }

    private struct Announced: Sendable {
        var window: Int64
        var thresholds: Set<ThresholdName>
    }

    package init() {}

    /// Takes over what the configuration files say.
    package mutating func use(budgets: [Budget], adjustments: [Adjustment], settings: ApprovalSettings) {
        fileBudgets = Dictionary(budgets.map { ($0.name, $0) }) { first, _ in first }
        fileAdjustments = adjustments
        self.settings = settings
    }

    /// The budget of that name; a file's wins over one of the same name that was set by command.
    package func budget(_ name: String) -> Budget? {
        fileBudgets[name] ?? budgets[name]
    }

    /// Every budget in force: the files', then those set by command, by name.
    package func allBudgets(files: [Budget]) -> [Budget] {
        files + budgets.values.filter { fileBudgets[$0.name] == nil }.sorted { $0.name < $1.name }
    }

    package var adjustments: [Adjustment] {
        fileAdjustments + given.values.map(\.adjustment).sorted { ($0.from, $0.id) < ($1.from, $1.id) }
    }

    /// How many of its requests nobody decided yet.
    package func openRequests(of principal: Principal) -> Int { openCount[principal] ?? 0 }

    package var openRequests: Int { openCount.values.reduce(0, +) }

    func request(asking identity: ApprovalQuestion.Identity) -> ApprovalRequest? {
        questions[identity].flatMap { requests[$0] }
    }

    /// Whether this was announced in this window before.
    package func isAnnounced(_ announcement: Announcement) -> Bool {
        guard let percent = announcement.percent, let basis = announcement.basis else { return false }
        let known = announcements[MeterName(budget: announcement.budget, group: announcement.group)]
        guard let known, known.window == announcement.window else { return false }
        return known.thresholds.contains(ThresholdName(percent: percent, basis: basis))
    }

    /// What was announced in the latest window of each meter: `told` gets the budget, group, window and threshold.
    package func forEachAnnounced(
        _ told: (_ budget: String, _ group: [Tag], _ window: Timestamp, _ threshold: (Int, Threshold.Basis)) -> Void
    ) {
        for (meter, announced) in announcements {
            for name in announced.thresholds {
                told(
                    meter.budget,
                    meter.group,
                    Timestamp(microseconds: announced.window),
                    (name.percent, name.basis)
                )
            }
        }
    }

    // MARK: - Taking changes in

    package mutating func apply(_ draft: AuditDraft) {
        switch draft.change {
        case .budgetSet(let form):
            // What an older version allowed and this one does not is left out, not guessed at.
            budgets[form.name] = try? form.budget()
        case .budgetRemoved(let name):
            budgets[name] = nil
            signOffs[name] = nil
            given = given.filter { $0.value.budget != name }
            announcements = announcements.filter { $0.key.budget != name }
        case .adjusted(let form):
            given = given.filter { $0.value.until > draft.at }
            given[form.id] = form
        case .approvalRequested(let request): open(request)
        case .justified(let note): requests[note.id]?.justification = note.text
        case .decided(let form): close(form, draft)
        case .approvalUsed(let use): take(use)
        case .signedOff(let form): signOffs[form.budget] = form
        case .suspended(let suspension): suspensions[suspension.id] = suspension
        case .resumed(let id): suspensions[id] = nil
        case .thresholdReached(let announcement): announce(announcement)
        case .overrun: break
        case .admission(let form): admissions[form.id] = form.step == .released ? nil : form
        }
    }

    private mutating func open(_ request: ApprovalRequest) {
        requests[request.id] = request
        questions[request.identity] = request.id
        openCount[request.requester, default: 0] += 1
    }

    private mutating func close(_ form: DecisionForm, _ draft: AuditDraft) {
        guard var request = requests[form.id], request.decision == nil else { return }
        request.decision = ApprovalRequest.Decision(
            state: form.state,
            by: draft.actor,
            at: draft.at,
            terms: form.terms,
            reason: draft.reason,
            patch: form.patch
        )
        requests[form.id] = request
        openCount[request.requester, default: 1] -= 1
        if openCount[request.requester] == 0 { openCount[request.requester] = nil }
        // A denial answers equal questions until the request would have expired; anything else is asked anew.
        if form.state != .denied, questions[request.identity] == request.id { questions[request.identity] = nil }
        approvals = approvals.filter { $0.value.terms.until > draft.at }
        if form.state == .approved, let terms = form.terms, request.increase == nil {
            approvals[form.id] = Approval(request: request, terms: terms)
        }
        decided.append(form.id)
        while decided.count > Self.decidedMax { forget(decided.removeFirst()) }
    }

    private mutating func forget(_ id: String) {
        guard let request = requests.removeValue(forKey: id) else { return }
        if questions[request.identity] == id { questions[request.identity] = nil }
    }

    private mutating func take(_ use: Use) {
        approvals[use.id]?.posted = use.posted
        approvals[use.id]?.isUsed = use.isUsed
    }

    private mutating func announce(_ announcement: Announcement) {
        guard let percent = announcement.percent, let basis = announcement.basis else { return }
        let meter = MeterName(budget: announcement.budget, group: announcement.group)
        let known = announcements[meter]
        var announced = Announced(window: announcement.window, thresholds: [])
        if let known, known.window == announcement.window { announced = known }
        announced.thresholds.insert(ThresholdName(percent: percent, basis: basis))
        // Runs come without end; what was announced of them is forgotten first.
        if announcements.count >= Self.announcementsMax {
            announcements = announcements.filter { !$0.key.group.contains { $0.dimension == .run } }
        }
        announcements[meter] = announced
    }
}
