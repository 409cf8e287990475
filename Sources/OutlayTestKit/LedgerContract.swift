package import OutlayCore
package import Testing

/// What every ledger must do; `make` gives an empty one.
package func ledgerContract(
    _ make: @Sendable () async throws -> any Ledger,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    for rule in LedgerRule.all {
        let ledger = try await make()
        do {
            try await rule.check(ledger)
        } catch {
            Issue.record("\(rule.name): \(error)", sourceLocation: sourceLocation)
        }
    }
}

/// One rule of the contract, by name.
struct LedgerRule: Sendable {
    let name: String
    let check: @Sendable (any Ledger) async throws -> Void

    static let all: [LedgerRule] = appending + asking + reading
}

/// A rule that was not kept.
struct RuleBroken: Error, CustomStringConvertible {
    let description: String
}

/// Demands that `found` is `wanted`.
func demand<Value: Equatable>(_ found: Value, is wanted: Value, _ what: String) throws {
    guard found != wanted else { return }
    throw RuleBroken(description: "\(what) is \(found), not \(wanted)")
}

extension Range<Timestamp> {
    /// All times an event can have.
    package static var always: Range<Timestamp> {
        Timestamp(microseconds: .min)..<Timestamp(microseconds: .max)
    }
}

extension Ledger {
    /// The total over everything, for tests.
    package func total() async throws(LedgerError) -> SpendSum {
        try await spend(SpendQuery(by: [], buckets: [.always])).total
    }
}
