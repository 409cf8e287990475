internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The frame around every page: head, style sheet, strict content security policy.
enum Page {
    /// - Parameter isSignedIn: whether the other pages are offered.
    static func response(title: String, isSignedIn: Bool = true, body: HTML) -> Response {
        let links: HTML = """
            <nav><a href=/>Spend</a> <a href=/budgets>Budgets</a> <a href=/approvals>Approvals</a></nav>
            """
        let page: HTML = """
            <!doctype html>
            <html lang=en><head><meta charset=utf-8><title>\(title) · Outlay</title>
            <meta name=viewport content="width=device-width, initial-scale=1">
            <link rel=stylesheet href=/assets/outlay.css></head>
            <body><header><a href=/ class=brand>Outlay</a>\(isSignedIn ? links : "")</header>
            <main>\(body)</main></body></html>
            """
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.markup))
        )
    }
}

/// Headers that keep a browser from doing more than the pages need (S-28).
struct BrowserSafetyMiddleware<Context: RequestContext>: RouterMiddleware {
    private static var policy: String {
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            + "base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in [
            ("content-security-policy", Self.policy), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }
}
