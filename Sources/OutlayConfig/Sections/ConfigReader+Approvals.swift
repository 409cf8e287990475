internal import OutlayCore

extension ConfigReader {
    /// Reads what becomes of calls that need an approval, and who may give it.
    ///
    /// `{ mode, hold, expires, link, two_people_above, approvers: [{ name, token | sha256, teams, max }] }`
    mutating func readApprovals(_ node: ConfigNode) {
        guard let fields = Fields(node, "approvals", log) else { return }
        for key in ["mode", "hold", "expires", "link", "two_people_above"] where fields.has(key) {
            define("setting", "\(key)' of 'approvals", at: fields.place(of: key))
        }
        var settings = resources.approvals
        let mode = fields.value("mode", ValueText.choice(ApprovalSettings.Mode.self))
        settings.mode = mode ?? settings.mode
        settings.holdSeconds = fields.value("hold", ValueText.seconds(1...600)) ?? settings.holdSeconds
        settings.expiresSeconds =
            fields.value("expires", ValueText.seconds(60...90 * 86_400)) ?? settings.expiresSeconds
        settings.link = fields.value("link", ValueText.baseURL) ?? settings.link
        settings.aloneMost = fields.value("two_people_above", ValueText.money) ?? settings.aloneMost
        resources.approvals = settings
        if let list = fields.node("approvers") {
            for item in fields.list(list, "'approvers' of approvals") {
                if let fields = Fields(item, "approver", log) { readApprover(fields) }
            }
        }
        fields.finish()
        if fields.has("hold"), mode == .answer {
            log.warn(
                "'hold' of approvals has no effect: with mode 'answer' no call waits",
                at: fields.place(of: "hold")
            )
        }
    }

    private mutating func readApprover(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        let secret = readSecret("token", fields)
        let teams = fields.texts("teams").map { effective($0.text, of: .team) }
        let max = fields.value("max", ValueText.money)
        fields.finish()
        if !fields.has("token"), !fields.has("sha256") {
            log.error("\(fields.subject) needs 'token' (env:NAME) or 'sha256'", at: fields.place)
        }
        if fields.has("teams"), teams.isEmpty {
            log.error(
                "'teams' of \(fields.subject) is empty; leave it out for all teams",
                at: fields.place(of: "teams")
            )
        }
        guard let name else { return }
        define("approver", name, at: fields.place)
        guard let secret else { return }
        if let other = resources.approvals.approvers.first(where: { $0.secret == secret }), other.name != name {
            log.error("\(fields.subject) has the same token as approver '\(other.name)'", at: fields.place)
        }
        resources.approvals.approvers.append(
            ApprovalSettings.Approver(name: name, secret: secret, teams: teams.isEmpty ? nil : teams, max: max)
        )
    }

    /// Warns where calls are put to people and nobody is named who may answer.
    ///
    /// Only of configurations without errors: an approver that could not be read would seem to be missing.
    func checkApprovers() {
        guard resources.approvals.approvers.isEmpty, !log.hasErrors else { return }
        let policy = resources.policies.first(where: \.asksPeople).map { ("policy", $0.name) }
        let budget = resources.budgets.first(where: \.asksPeople).map { ("budget", $0.name) }
        guard let (kind, name) = policy ?? budget, let place = place(of: kind, name) else { return }
        log.warn(
            "\(kind) '\(Fields.shortened(name))' asks for approvals and nobody is named who may give them, so that "
                + "only the administrator can; name people: approvals: { approvers: [{ name: …, token: env:… }] }",
            at: place
        )
    }
}

extension Policy {
    fileprivate var asksPeople: Bool {
        enforcement == .hard && rules.contains { $0.effect == .requireApproval }
    }
}

extension Budget {
    fileprivate var asksPeople: Bool {
        thresholds.contains { $0.actions.contains(.requireApproval) }
    }
}
