internal import OutlayCore
internal import OutlayGateway
internal import OutlayMeters

/// One call on its way through the gate.
struct Asking {
    var request: AdmissionRequest
    var most: Consumption
    /// How it goes on, if it does.
    var admitted = AdmittedCall()
    /// What the policies say, where they want people to look at it.
    private(set) var verdict: PolicyVerdict?

    init(_ request: AdmissionRequest, most: Consumption) {
        self.request = request
        self.most = most
    }

    var subject: CallSubject {
        CallSubject(service: request.service, attribution: admitted.attribution ?? request.attribution)
    }

    var question: BudgetRequest {
        var question = BudgetRequest(subject, at: request.at, most: most)
        if let verdict { question.asking = [verdict.decision?.policy ?? "policy"] }
        return question
    }

    var policySubject: PolicySubject {
        PolicySubject(
            call: subject,
            at: request.at,
            estimatedCost: most.cost,
            promptTokens: request.estimate.promptTokens,
            maxOutputTokens: request.estimate.maxOutputTokens.map(Int64.init)
        )
    }

    mutating func take(_ verdict: PolicyVerdict) {
        if verdict.outcome == .requireApproval { self.verdict = verdict }
        if !verdict.tags.isEmpty { admitted.attribution = verdict.applied(to: request.attribution) }
        admitted.notices += verdict.warnings.map { ("x-outlay-warning", "\($0.policy): \($0.message)".headerText) }
    }
}

extension String {
    /// Printable ASCII only, so that it can stand in a header field.
    fileprivate var headerText: String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(500).map { (0x20...0x7e).contains($0.value) ? $0 : "?" }))
    }
}
