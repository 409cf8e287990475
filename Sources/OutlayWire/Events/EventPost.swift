package import OutlayCore

/// Records somebody sent in one request, and under which names they are booked.
package struct EventPost: Hashable, Sendable {
    package var reports: [ReportedEvent]
    /// The request's own name (`Idempotency-Key`): names records that have none, by their place.
    package var idempotencyKey: String?
    /// Who numbers the records, where that is not the sender: `import:litellm`.
    ///
    /// The administrator's to say.
    package var source: String?
    /// The key whose rules hold, by name, where that is not the sender's.
    ///
    /// The administrator's to say.
    package var keyName: String?
    /// Looks and answers, and books nothing.
    package var isDryRun = false

    package init(reports: [ReportedEvent]) {
        self.reports = reports
    }

    /// The most records of one request.
    package static let countMax = 10_000

    /// The name of the record at `index` within its source; `nil` where nothing tells it from another like it.
    package func name(at index: Int) -> String? {
        guard reports.indices.contains(index) else { return nil }
        let report = reports[index]
        if let id = report.id { return id }
        if let key = idempotencyKey { return "\(key)#\(index)" }
        return report.at == nil ? nil : "content-" + report.fingerprint.hexadecimal(digits: 32)
    }
}
