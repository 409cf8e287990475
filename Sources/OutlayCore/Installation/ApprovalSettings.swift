/// How calls that need a person's yes are treated, and who may say it.
package struct ApprovalSettings: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The call is answered at once: pending, with a link.
        case answer
        /// The call waits, for at most ``ApprovalSettings/holdSeconds``.
        case wait
    }

    package var mode: Mode
    /// How long a waiting call is held.
    package var holdSeconds: Int64
    /// From when on a request that nobody decided is over.
    package var expiresSeconds: Int64
    /// Where people decide; the request's id is appended.
    ///
    /// `nil` for the page of this installation.
    package var link: String?
    package var approvers: [Approver]

    package init(
        mode: Mode = .answer,
        holdSeconds: Int64 = 30,
        expiresSeconds: Int64 = 86_400,
        link: String? = nil,
        approvers: [Approver] = []
    ) {
        self.mode = mode
        self.holdSeconds = holdSeconds
        self.expiresSeconds = expiresSeconds
        self.link = link
        self.approvers = approvers
    }

    /// Somebody who may decide, beside the administrator.
    package struct Approver: Hashable, Sendable {
        package var name: String
        /// What the approver's token is recognised by.
        package var secret: KeySecret?
        /// Whose requests the approver decides; empty for everybody's.
        package var teams: [String]
        /// The most one decision may let through; `nil` without a bound.
        package var max: Money?

        package init(name: String, secret: KeySecret? = nil, teams: [String] = [], max: Money? = nil) {
            self.name = name
            self.secret = secret
            self.teams = teams
            self.max = max
        }
    }

    package func approver(_ name: String) -> Approver? {
        approvers.first { $0.name == name }
    }
}
