internal import Logging
internal import OutlayCore
internal import OutlayMeters
internal import Synchronization

extension GovernanceDesk {
    /// What is done every second: what nobody decided expires, and everything is written down.
    package func carryOut() async {
        meters.tick()
        takeReached()
        let now = now()
        let hasRoom = state.withLock { $0.unwritten.count < Self.unwrittenMax }
        if hasRoom {
            takeEffectUnwritten(governance.overdue(at: now).map { AuditDraft(at: now, actor: .outlay, change: $0) })
            takeEffectUnwritten(uses(at: now))
            releaseOverdueAdmissions(at: now)
        }
        guard await turnstile.enter() else { return }
        do {
            try await writeUnwritten()
        } catch {
            logger.error("decisions cannot be written down; trying again", metadata: ["reason": "\(error)"])
        }
        await turnstile.leave()
    }

    /// Thresholds take effect, on the thread that reached them: the next call finds its agent suspended.
    func takeReached() {
        guard state.withLock({ $0.unwritten.count < Self.unwrittenMax }) else { return }
        let effects = meters.takeEffects()
        guard !effects.isEmpty else { return }
        let now = now()
        takeEffectUnwritten { Self.drafts(of: effects, &$0, at: now) }
    }

    /// What the meters found, announced once per window.
    private static func drafts(
        of effects: [BudgetEffect],
        _ governance: inout Governance,
        at now: Timestamp
    ) -> [AuditDraft] {
        var drafts: [AuditDraft] = []
        func add(_ change: GovernanceChange, reason: String? = nil) {
            let draft = AuditDraft(at: now, actor: .outlay, change: change, reason: reason)
            governance.apply(draft)
            drafts.append(draft)
        }
        for effect in effects {
            guard let budget = governance.budget(effect.budget) else { continue }
            var announcement = Announcement(effect, of: budget)
            if case .overrun = effect.kind { add(.overrun(announcement)) }
            guard effect.kind == .reached, budget.thresholds.indices.contains(effect.threshold) else { continue }
            let threshold = budget.thresholds[effect.threshold]
            announcement.take(threshold)
            guard !governance.isAnnounced(announcement) else { continue }
            add(.thresholdReached(announcement))
            for case .suspend(let target) in threshold.actions {
                let scope = effect.scope(of: target, budget)
                let reason = "\(threshold.percent) % of \(effect.budget) was reached"
                let id = newID("sus", at: now)
                let found = try? governance.decide(.suspend(scope), by: .outlay, id: id, reason: reason, at: now)
                for change in found ?? [] { add(change, reason: reason) }
            }
        }
        return drafts
    }

    /// What was taken of approvals since it was last written down.
    func uses(at now: Timestamp) -> [AuditDraft] {
        let approvals = governance.approvals
        guard !approvals.isEmpty else { return [] }
        let allowances = meters.change { $0.allowances.allowances }
        return approvals.values.sorted { $0.id < $1.id }.compactMap { approval in
            guard let allowance = allowances[approval.id] else { return nil }
            let posted = Money(picodollars: allowance.posted)
            guard posted != approval.posted || allowance.isUsed != approval.isUsed else { return nil }
            let use = Use(id: approval.id, posted: posted, isUsed: allowance.isUsed)
            return AuditDraft(at: now, actor: .outlay, change: .approvalUsed(use))
        }
    }
}

extension Announcement {
    fileprivate init(_ effect: BudgetEffect, of budget: Budget) {
        let unit = budget.limit.unit
        self.init(
            budget: effect.budget,
            group: effect.group,
            window: effect.windowStart,
            limit: BudgetLimit(unit, effect.limit),
            spent: BudgetLimit(unit, effect.spent)
        )
        if case .rolling = budget.calendar.period { window = 0 }
        if case .overrun(let amount) = effect.kind { excess = BudgetLimit(unit, amount) }
        agent = effect.agent
        key = effect.key
    }

    fileprivate mutating func take(_ threshold: Threshold) {
        percent = threshold.percent
        basis = threshold.basis
        severity = threshold.severity
        message = threshold.message
        notify = threshold.actions.compactMap { if case .notify(let whom) = $0 { whom } else { nil } }
    }
}

extension BudgetEffect {
    /// Whom a threshold of `budget` suspends; the meter's own scope where the call named no agent or key.
    fileprivate func scope(of target: Threshold.SuspensionTarget, _ budget: Budget) -> Scope {
        switch target {
        case .agent: if let agent { return Scope(exactly: [Tag(.agent, agent)]) }
        case .key: if let key { return Scope(exactly: [Tag(.key, key)]) }
        case .scope: break
        }
        let exact = Scope(exactly: group)
        return Scope(budget.scope.conditions.filter { !exact.dimensions.contains($0.dimension) } + exact.conditions)
    }
}
