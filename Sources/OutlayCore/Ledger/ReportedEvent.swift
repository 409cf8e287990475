/// What somebody tells of a call or another expense that passed neither the gateway nor OpenTelemetry.
///
/// Read from a request or from a row of a file; ``ReportedEventRules`` makes the ledger's event of it.
package struct ReportedEvent: Hashable, Sendable {
    /// What was paid for.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A call to a model.
        case call
        /// A call to a tool that asks a fee; the model is its name.
        case tool
        /// Time on machines of one's own.
        case compute
        /// A person's time.
        case human
        case storage
        case other
    }

    /// One tag, by the name it was written under.
    package struct Claim: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What its sender calls it; `nil` where it has no name.
    package var id: String?
    package var kind: Kind
    /// When it happened; `nil` is when it was heard of.
    package var at: Timestamp?
    /// `nil` where nobody said: the book is asked which provider has the model.
    package var provider: String?
    package var api: String?
    package var model: String?
    package var requestedModel: String?
    package var context = RatingContext()
    /// `nil` where nobody counted; never a count of 0.
    package var usage: Usage?
    /// How many calls it stands for.
    package var calls: Int64 = 1
    package var reportedCost: Money?
    package var tags: [Claim] = []
    package var links = CallLinks()
    package var outcome = CallOutcome()
    /// A cache of the caller's own answered: nothing was spent, and the usage says what was saved.
    package var isCacheHit = false
    /// A subscription covers it.
    package var isNotional = false

    package init(kind: Kind = .call) {
        self.kind = kind
    }

    /// The longest name of an event, in bytes.
    package static let idBytesMax = 512
    /// How far a sender's clock may run ahead.
    package static let futureSecondsMax: Int64 = 600
    /// No call is older, or younger, than what these enclose.
    package static let times: Range<Timestamp> =
        CivilDate.startUTC(year: 2000)..<CivilDate.startUTC(year: 9000)

    /// A number for everything it says: what stands for an id where the time tells events apart.
    package var fingerprint: UInt128 {
        var fingerprint = Fingerprinter()
        for text in [kind.rawValue, provider ?? "", api ?? "", model ?? "", requestedModel ?? ""] {
            fingerprint.add(text)
        }
        for field in RatingContext.fields { fingerprint.add(context[keyPath: field.path] ?? "") }
        for count in usage?.counts ?? [] {
            fingerprint.add(count.unit.name)
            fingerprint.add(UInt64(bitPattern: count.count))
        }
        for tag in tags.sorted(by: { ($0.name, $0.value) < ($1.name, $1.value) }) {
            fingerprint.add(tag.name)
            fingerprint.add(tag.value)
        }
        fingerprint.add(UInt64(bitPattern: at?.microseconds ?? 0))
        fingerprint.add(UInt64(bitPattern: calls))
        fingerprint.add(reportedCost?.description ?? "")
        for text in [links.responseID, links.requestID, links.traceID, links.spanID] { fingerprint.add(text ?? "") }
        fingerprint.add("\(isCacheHit) \(isNotional)")
        return fingerprint.value
    }
}

extension CivilDate {
    fileprivate static func startUTC(year: Int) -> Timestamp {
        CivilDate(year: year, month: 1, day: 1)?.startUTC ?? Timestamp(microseconds: 0)
    }
}
