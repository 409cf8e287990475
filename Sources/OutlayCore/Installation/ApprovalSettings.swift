/// What becomes of calls that need an approval, and who may give it.
package struct ApprovalSettings: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The call is answered at once: a request is pending, and here is its link.
        case answer
        /// The call waits for the answer, at most ``ApprovalSettings/holdSeconds``.
        case wait
    }

    package var mode: Mode
    /// The longest a waiting call waits: 1 to 600 seconds.
    package var holdSeconds: Int
    /// When a request nobody answered is over, in seconds from its beginning: a minute to 90 days.
    package var expiresSeconds: Int
    /// What the links in refusals begin with; `nil` for the server's own address.
    package var link: BaseURL?
    package var approvers: [Approver]
    /// A limit is raised by more than this by two people only: one asks, another approves (S-12).
    package var aloneMost: Money?

    package init(
        mode: Mode = .answer,
        holdSeconds: Int = 30,
        expiresSeconds: Int = 86_400,
        link: BaseURL? = nil,
        approvers: [Approver] = [],
        aloneMost: Money? = nil
    ) {
        self.mode = mode
        self.holdSeconds = holdSeconds
        self.expiresSeconds = expiresSeconds
        self.link = link
        self.approvers = approvers
        self.aloneMost = aloneMost
    }

    /// Somebody who may answer requests, except her own.
    package struct Approver: Hashable, Sendable {
        package var name: String
        /// What she is recognised by.
        package var secret: KeySecret
        /// The teams whose requests she may answer; `nil` for everybody's.
        package var teams: [String]?
        /// The most she may approve in one request; `nil` for any amount.
        package var max: Money?

        package init(name: String, secret: KeySecret, teams: [String]? = nil, max: Money? = nil) {
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
