package import OutlayCore

/// What `method` on `path` does at a provider of `dialect`, as far as money is concerned.
///
/// - Parameters:
///   - method: In capitals.
///   - path: Everything behind the upstream's prefix, without the query: `/v1/chat/completions`.
///   - dialect: The upstream's.
/// - Returns: The route. What no row declares and could cost something is `metered` under the name `other`, so that
///   budgets are asked; only reading and deleting what no row declares is free.
package func route(method: String, path: String, dialect: Upstream.Dialect) -> Route {
    if let known = RouteTable.of(dialect).route(method: method, path: path) { return known }
    let isReading = ["GET", "HEAD", "DELETE", "OPTIONS"].contains(method)
    return Route(api: "other", billing: isReading ? .free : .metered)
}

/// Everything that is declared about one dialect's API.
///
/// The only place where a path gets a meaning: what has no row here is treated as ``route(method:path:dialect:)`` says.
package struct RouteTable: Sendable {
    package let rows: [RouteRow]
    /// Rows without anything that varies, by method and path.
    private let plain: [Name: RouteRow]
    private let patterns: [RouteRow]

    private struct Name: Hashable {
        var method: RouteRow.Method
        var path: String
    }

    /// - Parameter rows: where several are about one path, those without anything that varies come first, then the
    ///   earlier ones.
    init(_ rows: [RouteRow]) {
        self.rows = rows
        let named = rows.compactMap { row in row.pattern.plain.map { (Name(method: row.method, path: $0), row) } }
        plain = Dictionary(named) { first, _ in first }
        patterns = rows.filter { $0.pattern.plain == nil }
    }

    func route(method name: String, path: String) -> Route? {
        guard let method = RouteRow.Method(name) else { return nil }
        let path = RoutePath(path)
        let words = path.segments.joined(separator: "/")
        if path.isBelowAPI, let row = plain[Name(method: method, path: "\(RoutePath.api)/\(words)")] {
            return row.route(model: nil)
        }
        if let row = plain[Name(method: method, path: words)] { return row.route(model: nil) }
        for row in patterns where row.method == method {
            if let match = row.pattern.match(path) { return row.route(model: match.model) }
        }
        return nil
    }

    package static func of(_ dialect: Upstream.Dialect) -> RouteTable {
        switch dialect {
        case .openai: openAITable
        case .anthropic: anthropicTable
        case .gemini: geminiTable
        case .azureOpenAI: azureTable
        case .openaiCompatible: compatibleTable
        }
    }

    private static let openAITable = RouteTable(RouteRow.openAI)
    private static let anthropicTable = RouteTable(RouteRow.anthropic + RouteRow.openAI)
    private static let geminiTable = RouteTable(RouteRow.gemini + RouteRow.openAI)
    private static let azureTable = RouteTable(RouteRow.azure + RouteRow.openAI)
    private static let compatibleTable = RouteTable(
        RouteRow.native + RouteRow.bedrock + RouteRow.openAI + RouteRow.anthropic
    )
}

/// One row of a provider's API: which requests it is about, and what they do as far as money is concerned.
package struct RouteRow: Sendable {
    package enum Method: String, Sendable {
        /// `HEAD` too.
        case get = "GET"
        case post = "POST"

        init?(_ name: String) {
            switch name {
            case "GET", "HEAD": self = .get
            case "POST": self = .post
            default: return nil
            }
        }
    }

    package let method: Method
    package let billing: Route.Billing
    let pattern: RoutePattern
    let api: String
    let isStream: Bool

    private init(_ method: Method, _ pattern: String, _ api: String, _ billing: Route.Billing, isStream: Bool) {
        self.method = method
        self.pattern = RoutePattern(pattern)
        self.api = api
        self.billing = billing
        self.isStream = isStream
    }

    static func post(_ pattern: String, _ api: String, _ billing: Route.Billing, isStream: Bool = false) -> RouteRow {
        RouteRow(.post, pattern, api, billing, isStream: isStream)
    }

    static func get(_ pattern: String, _ api: String, _ billing: Route.Billing) -> RouteRow {
        RouteRow(.get, pattern, api, billing, isStream: false)
    }

    /// The same below `prefix`.
    func below(_ prefix: String) -> RouteRow {
        RouteRow(method, "\(prefix)/\(pattern.text)", api, billing, isStream: isStream)
    }

    /// A path that the row is about, with `x` in the place of what varies.
    package var example: String { pattern.example }

    /// What a request that the row is about is, with the model that its path names.
    package func route(model: String?) -> Route {
        Route(api: api, billing: billing, model: model, isStream: isStream)
    }
}
