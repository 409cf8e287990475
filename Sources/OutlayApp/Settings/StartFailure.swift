package import OutlayCore

/// Why an installation cannot start, in one sentence that says what to do.
package struct StartFailure: Error, Hashable, CustomStringConvertible {
    package var message: String
    /// Whether the configuration files are at fault (exit code 3).
    package var isConfiguration: Bool

    package init(_ message: String, isConfiguration: Bool = false) {
        self.message = message
        self.isConfiguration = isConfiguration
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
