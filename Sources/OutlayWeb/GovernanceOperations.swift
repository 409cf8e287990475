package import OutlayCore
package import OutlayWire

/// What the API asks about budgets, approvals, suspensions and admissions.
package protocol GovernanceOperations: Sendable {
    /// Whose secret this is: an approver's token or a valid client key; `nil` for anything else.
    func principal(for secret: String) -> Principal?
    /// Whether a valid client key is for telemetry and events alone.
    func isIngestOnly(key name: String) -> Bool
    /// Whether an approver who signed in earlier still is one.
    func isApprover(_ name: String) -> Bool
    /// What was decided so far.
    var decided: Governance { get }
    /// Where people decide a request.
    func link(to request: String) -> String

    func budgets() -> [BudgetAnswer]
    func agent(_ name: String) -> AgentAnswer
    /// - Throws: ``GovernanceProblem`` or ``LedgerError``; nothing was changed then.
    func execute(
        _ command: GovernanceCommand,
        by principal: Principal,
        reason: String?,
        request: String
    ) async throws -> [GovernanceChange]
    func audit(before sequence: Int64, limit: Int) async throws -> [AuditEntry]

    /// - Throws: ``GovernanceProblem`` or ``LedgerError``; nothing is set aside then.
    func admit(_ question: AdmissionQuestion, by principal: Principal) async throws -> AdmissionAnswer
    func settle(_ id: String, cost: Money, by principal: Principal) throws(GovernanceProblem) -> AdmissionAnswer
    func release(_ id: String, by principal: Principal) throws(GovernanceProblem)
}
