package import OutlayCore

/// Why an installation cannot start, in one sentence that says what to do.
package struct StartFailure: Error, Hashable, CustomStringConvertible {
    package var message: String
    package var fault: Fault

    /// What is to be mended, and so with which code the command ends.
    package enum Fault: Hashable, Sendable {
        /// The machine or the data folder.
        case installation
        /// A flag or an environment variable.
        case usage
        /// The configuration files.
        case configuration
    }

    package init(_ message: String, fault: Fault = .installation) {
        self.message = message
        self.fault = fault
    }

    /// A flag or environment variable that cannot be used.
    static func usage(_ message: String) -> StartFailure {
        StartFailure(message, fault: .usage)
    }

    package init(_ error: LedgerError) {
        switch error {
        case .unavailable(let reason): self.init("the ledger cannot be used: \(reason)")
        case .unreadable(let id, let reason): self.init("the ledger's row \(id) cannot be read: \(reason)")
        case .locked(let holder):
            self.init("the data folder is in use by \(holder): stop it, or let this command talk to it with --data")
        case .unbookable(let id, let reason): self.init("the event \(id) cannot be booked: \(reason)")
        }
    }

    package var description: String { message }
}
