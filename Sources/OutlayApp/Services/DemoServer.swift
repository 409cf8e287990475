internal import Foundation
internal import Logging
internal import OutlayCore
internal import OutlaySQLite
internal import OutlaySandbox
internal import OutlayVault
internal import OutlayWeb
internal import OutlayWire
internal import Synchronization

/// `outlay demo`: ninety days of made-up spend, and a make-believe provider behind the real gateway.
package struct DemoServer: Sendable {
    private let settings: Settings
    private let seed: UInt64

    package init(settings: Settings, seed: UInt64) {
        self.settings = settings
        self.seed = seed
    }

    /// Seeds the ledger if it is empty, prints the spend by team and model, and serves until it is stopped.
    package func run(once: Bool) async throws {
        let logger = try StandardErrorLog.logger(level: settings.logLevel)
        let sandbox = try await Sandbox.start(Sandbox.Options(), logger: logger)
        let configuration = Self.resources(sandboxURL: sandbox.url)
        guard !once else {
            defer { Task { await sandbox.stop() } }
            let installation = try await Installation(settings, logger: logger, configuration: configuration)
            try await prepare(installation)
            return Self.write(try await Self.summary(installation))
        }
        var server = Server(settings: settings)
        server.configuration = configuration
        server.companions = [sandbox]
        server.prepare = { try await prepare($0) }
        server.announce = { installation, addresses in try await announce(installation, addresses) }
        try await server.run()
    }

    private func prepare(_ installation: Installation) async throws {
        let now = installation.now()
        let all = now.advanced(bySeconds: -200 * 86_400)..<now
        guard try await installation.ledger.spend(SpendQuery(by: [], buckets: [all])).total.calls == 0 else { return }
        Self.say("making up 90 days of spend …")
        let history = DemoHistory(seed: seed, end: now)
        let pricing = installation.current.pricing
        var booked = 0
        let events = history.calls().enumerated().map { $1.event(number: $0, seed: seed, pricing: pricing) }
        for batch in events.batches(of: 2000) {
            _ = try await installation.metered.append(batch)
            booked += batch.count
            Self.say("  \(booked) of \(events.count) calls")
        }
    }

    private func announce(_ installation: Installation, _ addresses: ServerAddresses) async throws {
        let name = "demo-\(installation.now().microseconds)"
        var rules = KeyRules(name: name)
        rules.tags = [.team: "demo"]
        let (_, secret) = try await installation.createKey(rules)
        Self.say(try await Self.summary(installation))
        let code = installation.sessions.issueCode(now: installation.now())
        Self.say(
            """
            Look:   \(addresses.web)/sign-in?code=\(code)
            Ask:    OUTLAY_DATA=\(settings.dataFolder) outlay spend --by customer --grain month
            Call:   curl \(addresses.gateway)/openai/v1/chat/completions \\
                      -H "Authorization: Bearer \(secret.reveal())" -H "Content-Type: application/json" \\
                      -d '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}'
            Stop:   Ctrl-C

            """
        )
    }

    /// Spend of this month by team and model; of the last thirty days while the month is young.
    private static func summary(_ installation: Installation) async throws -> String {
        let now = installation.now()
        let month = UTC().date(at: now).firstOfMonth().startUTC
        let start = min(month, now.advanced(bySeconds: -30 * 86_400))
        let span = start..<now
        let table = try await installation.ledger.spend(SpendQuery(by: [.team, .model], buckets: [span]))
        let answer = SpendAnswer(table, span: span, zone: "UTC", hasGrain: false)
        return "\nSpend by team and model, \(CivilDate(utc: start)) to \(CivilDate(utc: now)):\n\n"
            + (try answer.text(as: .table)) + "\n"
    }

    /// The three dialects, all answered by the sandbox.
    private static func resources(sandboxURL: String) -> Resources {
        var resources = Resources()
        resources.upstreams = [
            Upstream(name: "openai", dialect: .openai, provider: "openai", baseURL: sandboxURL + "/v1"),
            Upstream(name: "anthropic", dialect: .anthropic, provider: "anthropic", baseURL: sandboxURL),
            Upstream(name: "gemini", dialect: .gemini, provider: "google", baseURL: sandboxURL),
        ]
        resources.budgets = budgets
        return resources
    }

    /// Budgets that are looked at, and stop nobody.
    private static let budgets: [Budget] = {
        func dollars(_ amount: Int128) -> BudgetLimit {
            BudgetLimit(Money(picodollars: amount * Money.picodollarsPerDollar))
        }
        let thresholds = [50, 80, 100].map { Threshold(percent: $0, actions: [.notify("owner")]) }
        return [
            Budget(name: "company-monthly", limit: dollars(150), enforcement: .soft, thresholds: thresholds),
            Budget(
                name: "team-monthly",
                groupBy: [.team],
                limit: dollars(50),
                enforcement: .soft,
                thresholds: thresholds
            ),
        ]
    }()

    private static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

extension DemoCall {
    /// The made-up call as the ledger books it, priced by the book of its day.
    func event(number: Int, seed: UInt64, pricing: PriceBook) -> CostEvent {
        let parts = [UsagePart(usage: usage)]
        let context = RatingContext()
        return CostEvent(
            id: EventID(source: "demo", id: "\(seed)-\(number)"),
            at: at,
            receivedAt: at,
            service: ServiceUse(provider: provider, api: api, requestedModel: model, model: model, context: context),
            attribution: Attribution(
                workspace: Workspace.defaultName,
                effective: tags,
                claimed: tags,
                origins: tags.map { TagOrigin($0.dimension, from: .event, detail: "demo") }
            ),
            metering: Metering(parts: parts, quality: .exact),
            rating: pricing.rate(parts, provider: provider, api: api, model: model, at: at, context: context),
            outcome: CallOutcome(status: 200, latencyMicroseconds: latencyMicroseconds, isStream: isStream)
        )
    }
}

/// `outlay sandbox`: the make-believe provider alone.
package struct SandboxServer: Sendable {
    private let address: ListenAddress
    private let bill: String?

    package init(address: ListenAddress, bill: String?) {
        self.address = address
        self.bill = bill
    }

    private struct Ready: Encodable {
        var ready = true
        var sandbox: String
    }

    package func run() async throws {
        var options = Sandbox.Options()
        options.host = address.host
        options.port = address.port
        options.recordPath = bill
        let sandbox = try await Sandbox.start(options, logger: try StandardErrorLog.logger(level: "warning"))
        FileHandle.standardOutput.write(Data((try JSONText.line(Ready(sandbox: sandbox.url)) + "\n").utf8))
        try await Stoppable(service: sandbox).run()
    }
}
