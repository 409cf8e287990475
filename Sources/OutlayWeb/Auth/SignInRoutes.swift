internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OutlayCore

/// The sign-in form: a one-time link or the administrator's token becomes a session cookie.
///
/// Opening the link only shows the form; the code is spent when the form is sent, so a link preview
/// cannot burn it.
struct SignInRoutes: Sendable {
    let sessions: Sessions
    let governance: any GovernanceOperations
    let now: @Sendable () -> Timestamp
    /// Behind TLS the cookie is bound to the host and never sent in the clear.
    let isSecure: Bool

    private struct Form: Decodable {
        var secret: String
    }

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("sign-in") { request, _ in
            page(code: request.uri.queryParameters["code"].map(String.init))
        }
        router.post("sign-in") { request, context in
            let form = try await URLEncodedFormDecoder().decode(Form.self, from: request, context: context)
            guard let session = sessions.signIn(with: form.secret, now: now(), other: approver) else {
                return page(code: nil, problem: "That code or token is not valid (any more).")
            }
            let isApprover = sessions.principal(of: session, now: now()) != .administrator
            var response = Response.redirect(to: isApprover ? "/approvals" : "/", type: .normal)
            response.setCookie(cookie(session, maxAge: nil))
            return response
        }
        router.post("sign-out") { request, _ in
            if let session = request.sessionCookie { sessions.signOut(session) }
            var response = Response.redirect(to: "/sign-in", type: .normal)
            response.setCookie(cookie("", maxAge: 0))
            return response
        }
    }

    /// People sign in; programs do not.
    private func approver(_ secret: String) -> Principal? {
        guard case .approver(let name)? = governance.principal(for: secret) else { return nil }
        return .approver(name)
    }

    private func cookie(_ value: String, maxAge: Int?) -> Cookie {
        Cookie(
            name: (isSecure ? "__Host-" : "") + Request.sessionCookieName,
            value: value,
            maxAge: maxAge,
            path: "/",
            secure: isSecure,
            httpOnly: true,
            sameSite: .strict
        )
    }

    private func page(code: String?, problem: String? = nil) -> Response {
        let warning: HTML = problem.map { "<p class=problem role=alert>\($0)</p>" } ?? ""
        let field: HTML =
            code.map { "<input type=hidden name=secret value=\"\($0)\">" }
                ?? """
                <label for=secret>Token</label>
                <input id=secret name=secret type=password required autocomplete=current-password autofocus>
                <p class=hint>Yours as an approver, or the administrator's: it is in the file <code>admin-token</code> of the data folder.</p>
                """
        return Page.response(
            title: "Sign in",
            isSignedIn: false,
            body: """
                <form method=post action=/sign-in class=card><h1>Sign in</h1>\(warning)\(field)
                <button>Sign in</button></form>
                """
        )
    }
}
