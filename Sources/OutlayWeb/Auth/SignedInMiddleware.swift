internal import HTTPTypes
internal import Hummingbird
internal import OutlayCore

/// Lets through only callers of the roles its routes name: by a token, a client key or a live session.
///
/// A session cookie counts for changes only when the request comes from our own pages (`Sec-Fetch-Site`,
/// or `Origin` equal to `Host` where browsers send none), so no other site can act in a visitor's name.
struct SignedInMiddleware<Context: PrincipalContext>: RouterMiddleware {
    let sessions: Sessions
    let governance: any GovernanceOperations
    let roles: Set<Role>
    let now: @Sendable () -> Timestamp
    /// Pages send the visitor to the sign-in form; the API answers 401.
    let sendsToSignIn: Bool

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let token = request.bearerToken ?? request.clientKey {
            guard let principal = sessions.isToken(token) ? .administrator : governance.principal(for: token) else {
                throw APIError(.unauthenticated, "The token is not valid. The server keeps it in DIR/admin-token.")
            }
            return try await next(request, try allowed(principal, context))
        }
        if let session = request.sessionCookie, let principal = sessions.principal(of: session, now: now()) {
            guard request.method == .get || request.isSameSite else {
                throw APIError(.unauthenticated, "A change must come from Outlay's own pages or carry the token.")
            }
            return try await next(request, try allowed(principal, context))
        }
        guard sendsToSignIn else {
            throw APIError(.unauthenticated, "Send the token as Authorization: Bearer; it is in DIR/admin-token.")
        }
        return .redirect(to: "/sign-in", type: .normal)
    }

    /// Denies what the routes do not name, also to an approver who is none any more.
    private func allowed(_ principal: Principal, _ context: Context) throws(APIError) -> Context {
        let role = Role(principal, governance)
        guard let role, roles.contains(role) else {
            if role == .ingestKey, roles.contains(.key) {
                throw APIError(.forbidden, "\(principal) can only write events; use a key made with --for both.")
            }
            throw APIError(.forbidden, "This is not open to \(principal).")
        }
        if case .approver(let name) = principal, !governance.isApprover(name) {
            throw APIError(.forbidden, "'\(name)' is not among the approvers (any more).")
        }
        var context = context
        context.principal = principal
        return context
    }
}

extension Request {
    static let sessionCookieName = "outlay_session"

    var bearerToken: String? {
        let value = headers[.authorization] ?? ""
        guard value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    /// A client key sent as agents send it to a provider.
    var clientKey: String? {
        HTTPField.Name("x-api-key").flatMap { headers[$0] }
    }

    var sessionCookie: String? {
        cookies[Self.sessionCookieName]?.value ?? cookies["__Host-" + Self.sessionCookieName]?.value
    }

    var isSameSite: Bool {
        if let site = HTTPField.Name("sec-fetch-site").flatMap({ headers[$0] }) { return site == "same-origin" }
        guard let origin = headers[.origin] else { return false }
        return origin.split(separator: "/").last.map(String.init) == head.authority
    }
}
