internal import HTTPTypes
package import Hummingbird
package import Logging
internal import NIOCore
package import OutlayCore
internal import OutlayWire

/// The server's table of contents: every route of the web port, in one place.
package struct WebRouter: Sendable {
    package var ledger: any Ledger
    package var operations: any Operations
    package var governance: any GovernanceOperations
    package var sessions: Sessions
    /// Asked when a page is drawn: the gateway may open after the web port.
    package var gatewayURL: @Sendable () -> String
    /// Whether the listener speaks TLS, which binds the cookie to the host.
    package var isSecure: Bool
    package var logger: Logger
    /// Open doors of other targets; each route asks for its own credentials.
    package var additions: [@Sendable (Router<WebContext>) -> Void] = []

    package init(
        ledger: any Ledger,
        operations: any Operations,
        governance: any GovernanceOperations,
        sessions: Sessions,
        gatewayURL: @escaping @Sendable () -> String,
        isSecure: Bool,
        logger: Logger
    ) {
        self.ledger = ledger
        self.operations = operations
        self.governance = governance
        self.sessions = sessions
        self.gatewayURL = gatewayURL
        self.isSecure = isSecure
        self.logger = logger
    }

    func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self)
        router.add(middleware: BrowserSafetyMiddleware())
        router.add(middleware: ErrorMiddleware(logger: logger))
        addOpenDoors(to: router)
        for add in additions { add(router) }
        SignInRoutes(sessions: sessions, governance: governance, now: operations.now, isSecure: isSecure)
            .add(to: router)

        let api = group(of: router, for: [.administrator])
        SpendRoutes(ledger: ledger, operations: operations).add(to: api)
        CallRoutes(ledger: ledger, operations: operations).add(to: api)
        KeyRoutes(operations: operations).add(to: api)
        PriceRoutes(operations: operations).add(to: api)
        UpkeepRoutes(operations: operations).add(to: api)
        SourceRoutes(operations: operations).add(to: api)
        RunRoutes(ledger: ledger, operations: operations).add(to: api)

        let people = group(of: router, for: [.administrator, .approver])
        let everyone = group(of: router, for: [.administrator, .approver, .key])
        let programs = group(of: router, for: [.administrator, .key])
        BudgetRoutes(operations: operations, governance: governance).add(administrator: api, people: people)
        ApprovalRoutes(operations: operations, governance: governance)
            .add(people: people, everyone: everyone, programs: programs)
        AgentRoutes(governance: governance).add(administrator: api, people: people, everyone: everyone)
        AdmissionRoutes(governance: governance).add(programs: programs)
        EventRoutes(operations: operations)
            .add(writers: group(of: router, for: [.administrator, .key, .ingestKey]))

        let pages = router.group().add(middleware: signedIn([.administrator], sendsToSignIn: true))
        SpendPage(ledger: ledger, operations: operations, gatewayURL: gatewayURL).add(to: pages)
        let shared = router.group().add(middleware: signedIn([.administrator, .approver], sendsToSignIn: true))
        BudgetsPage(governance: governance).add(to: shared)
        ApprovalsPage(operations: operations, governance: governance).add(to: shared)
        return router
    }

    /// Routes of the API that are open to `roles` and to nobody else.
    private func group(of router: Router<WebContext>, for roles: Set<Role>) -> RouterGroup<WebContext> {
        router.group("api/v1").add(middleware: signedIn(roles, sendsToSignIn: false))
    }

    private func signedIn(_ roles: Set<Role>, sendsToSignIn: Bool) -> SignedInMiddleware<WebContext> {
        SignedInMiddleware(
            sessions: sessions,
            governance: governance,
            roles: roles,
            now: operations.now,
            sendsToSignIn: sendsToSignIn
        )
    }

    /// What anyone may ask: liveness, readiness, counters without names, the API's description, the style sheet.
    private func addOpenDoors(to router: Router<WebContext>) {
        router.get("health") { _, _ in Self.text(#"{"status":"ok"}"#, type: "application/json") }
        router.get("ready") { _, _ in
            if let reason = await operations.unreadiness() { throw APIError(.notReady, reason) }
            return Self.text(#"{"status":"ready"}"#, type: "application/json")
        }
        router.get("metrics") { _, _ in
            Self.text(await operations.metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        router.get("api/v1/openapi.json") { _, _ in Self.text(OpenAPI.document, type: "application/json") }
        router.get("assets/outlay.css") { _, _ in Self.text(StyleSheet.text, type: "text/css; charset=utf-8") }
    }

    private static func text(_ text: String, type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
