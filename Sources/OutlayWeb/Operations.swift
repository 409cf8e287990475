package import OutlayCore
package import OutlayVault
package import OutlayWire

/// What the API asks of the running installation, besides the ledger's sums.
///
/// The composition root answers; handlers only translate.
package protocol Operations: Sendable {
    func now() -> Timestamp
    /// The zone of that IANA name; `nil` when there is none.
    func zone(_ identifier: String) -> (any Zone)?

    /// Why calls cannot be served yet or any more; `nil` when ready.
    func unreadiness() async -> String?
    /// What is right and what is not, in the order of importance.
    func doctor() async -> [Finding]
    /// Prometheus text exposition.
    func metrics() async -> String

    func keys() async throws -> [StoredKey]
    func createKey(_ rules: KeyRules) async throws -> (StoredKey, Secret)
    /// A new secret for the same rules; the old one is revoked at `now` plus `grace` seconds.
    func rotateKey(_ idOrName: String, graceSeconds: Int64) async throws -> (StoredKey, Secret)?
    func revokeKey(_ idOrName: String) async throws -> Bool
    /// Encrypts a provider key under the master key.
    func storeProviderKey(_ secret: Secret, name: String) async throws

    /// Every model of the book in force whose name contains `text`.
    func prices(matching text: String) -> [PriceAnswer]
    /// Takes in a newer book and says what it changes; changes nothing when `isDryRun`.
    func updatePrices(_ book: [UInt8], signature: [UInt8]?, isDryRun: Bool) async throws -> PriceUpdateAnswer
    /// Prices again what was booked in `span`, posting reversing pairs; changes nothing when `isDryRun`.
    func rerate(_ span: Range<Timestamp>, isDryRun: Bool) async throws -> RerateAnswer

    /// Books what somebody reports, all of it or nothing.
    func book(_ post: EventPost, by principal: Principal) async throws -> EventsAnswer

    /// What each emitter of telemetry sent so far.
    func telemetrySources() async throws -> [TelemetrySource]
    /// Which telemetry reported the call, each as its emitter and signal.
    func reports(of event: CostEvent) async throws -> [String]
    /// What one run cost; `nil` when nothing was booked with it.
    func runTree(_ run: String) async throws -> RunTree?
    /// Ends all waiting of telemetry: what no better signal explains is booked.
    func flushTelemetry() async throws

    func verify() async throws -> Verification
    /// Writes a consistent copy of the ledger to a file of its own and returns the path.
    func backup() async throws -> String
    /// Removes the file that ``backup()`` wrote.
    func discardBackup(_ path: String) async
}

/// One thing `outlay doctor` looked at.
package struct Finding: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, Sendable {
        case ok, warning, error
    }

    package var check: String
    package var severity: Severity
    /// What was found and, unless it is fine, what to do.
    package var message: String

    package init(_ check: String, _ severity: Severity, _ message: String) {
        self.check = check
        self.severity = severity
        self.message = message
    }
}
