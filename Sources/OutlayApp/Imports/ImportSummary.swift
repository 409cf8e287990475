package import OutlayCore
internal import OutlayWire

/// What became of a file's rows.
package struct ImportSummary: Hashable, Sendable {
    package struct Skipped: Hashable, Sendable {
        package var rows = 0
        package var amount = Money.zero
    }

    package var rows = 0
    package var booked = 0
    package var duplicates = 0
    package var conflicts = 0
    package var unpriced = 0
    /// Left out on purpose, by the reason.
    package var skipped: [String: Skipped] = [:]
    /// How many rows could not be read.
    package var unreadable = 0
    /// The first of them, with what is wrong.
    package var problems: [String] = []
    /// Columns that nothing is read from.
    package var unread: [String] = []
    package var cost = Money.zero
    package var reported = Money.zero
    package var rated = Money.zero
    package var isDryRun: Bool

    private static let problemsMax = 20

    package init(isDryRun: Bool) {
        self.isDryRun = isDryRun
    }

    /// - Returns: the record to send, where there is one.
    mutating func note(_ outcome: ImportDesk.Outcome) -> [UInt8]? {
        switch outcome {
        case .ready(let record): return record
        case .skipped(let reason, let amount):
            skipped[reason, default: Skipped()].rows += 1
            skipped[reason]?.amount += amount ?? .zero
        case .unreadable(let reasons):
            unreadable += 1
            if problems.count < Self.problemsMax {
                problems.append("row \(rows): " + reasons.joined(separator: "; "))
            }
        }
        return nil
    }

    mutating func add(_ answer: EventsAnswer) {
        booked += answer.accepted
        duplicates += answer.duplicates
        conflicts += answer.conflicts
        unpriced += answer.unpriced
        cost += Money(dollars: answer.costUSD) ?? .zero
        reported += Money(dollars: answer.reportedUSD) ?? .zero
        rated += Money(dollars: answer.ratedUSD) ?? .zero
    }

    /// What people read: one thing per line.
    package var text: String {
        var lines = [
            "rows         \(rows)", "\(isDryRun ? "new          " : "booked       ")\(booked)",
            "duplicates   \(duplicates)",
        ]
        if conflicts > 0 { lines.append("conflicts    \(conflicts), booked before with another content, which stays") }
        for (reason, part) in skipped.sorted(by: { $0.key < $1.key }) {
            lines.append("skipped      \(part.rows), $\(part.amount): \(reason)")
        }
        if unreadable > 0 { lines.append("unreadable   \(unreadable)") }
        lines += ["booked USD   \(cost)", "reported USD \(reported)", "rated USD    \(rated)"]
        if unpriced > 0 { lines.append("unpriced     \(unpriced)") }
        if isDryRun { lines.append("Nothing was booked.") }
        return lines.joined(separator: "\n") + "\n"
    }
}
