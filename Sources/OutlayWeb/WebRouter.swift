internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
package import OutlayCore
internal import OutlayWire

/// The server's table of contents: every route of the web port, in one place.
package struct WebRouter: Sendable {
    package var ledger: any Ledger
    package var operations: any Operations
    package var sessions: Sessions
    /// Asked when a page is drawn: the gateway may open after the web port.
    package var gatewayURL: @Sendable () -> String
    /// Whether the listener speaks TLS, which binds the cookie to the host.
    package var isSecure: Bool
    package var logger: Logger

    package init(
        ledger: any Ledger,
        operations: any Operations,
        sessions: Sessions,
        gatewayURL: @escaping @Sendable () -> String,
        isSecure: Bool,
        logger: Logger
    ) {
        self.ledger = ledger
        self.operations = operations
        self.sessions = sessions
        self.gatewayURL = gatewayURL
        self.isSecure = isSecure
        self.logger = logger
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: BrowserSafetyMiddleware())
        router.add(middleware: ErrorMiddleware(logger: logger))
        addOpenDoors(to: router)
        SignInRoutes(sessions: sessions, now: operations.now, isSecure: isSecure).add(to: router)

        let api = router.group("api/v1").add(middleware: signedIn(sendsToSignIn: false))
        SpendRoutes(ledger: ledger, operations: operations).add(to: api)
        CallRoutes(ledger: ledger).add(to: api)
        KeyRoutes(operations: operations).add(to: api)
        PriceRoutes(operations: operations).add(to: api)
        UpkeepRoutes(operations: operations).add(to: api)

        let pages = router.group().add(middleware: signedIn(sendsToSignIn: true))
        SpendPage(ledger: ledger, operations: operations, gatewayURL: gatewayURL).add(to: pages)
        return router
    }

    private func signedIn(sendsToSignIn: Bool) -> SignedInMiddleware<BasicRequestContext> {
        SignedInMiddleware(sessions: sessions, now: operations.now, sendsToSignIn: sendsToSignIn)
    }

    /// What anyone may ask: liveness, readiness, counters without names, the API's description, the style sheet.
    private func addOpenDoors(to router: Router<BasicRequestContext>) {
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
