internal import OutlayCore
internal import OutlayWire

/// A request head that may go on: who calls what, where it goes, and under which configuration.
struct AcceptedHead {
    let snapshot: GatewaySnapshot
    let method: String
    let target: UpstreamTarget
    /// Everything below the upstream's prefix, without the query.
    let path: String
    let query: String
    let route: Route
    let caller: CallerKey
    let fields: RequestFields
    /// What a verified token says of the caller.
    let token: TokenClaims?

    /// Checks a head; nothing of the body has been read.
    ///
    /// `dialect` is set as soon as it is known, for the shape of a refusal.
    init(_ head: RequestHead, core: GatewayCore, dialect: inout Upstream.Dialect) throws(Refusal) {
        snapshot = core.snapshots.snapshot
        method = head.method
        guard method != "CONNECT", method != "TRACE", head.target.utf8.first == UInt8(ascii: "/") else {
            throw .badTarget
        }
        fields = RequestFields(head.fields, attributing: snapshot.attributing)
        let (publicPath, rawQuery) = try Self.resolve(head.target, fields)
        path = publicPath.path
        guard let found = snapshot.target(named: publicPath.upstream) else {
            dialect = Self.dialect(named: publicPath.upstream)
            throw .unknownUpstream(publicPath.upstream)
        }
        target = found
        dialect = found.upstream.dialect
        guard fields.marks.hostCount == 1 else { throw .oneHost }
        let parsed = Query(rawQuery)
        caller = try CallerKey(fields, query: parsed, target: target, snapshot: snapshot, seams: core.seams)
        query = Self.query(parsed, passing: caller.passedQueryKey)
        if let verifier = snapshot.tokens {
            token = try CallerToken.claims(head, by: verifier, at: core.seams.now())
        } else {
            token = nil
        }
        let rules = caller.stored.rules
        guard rules.allows(upstream: target.upstream.name) else {
            throw .upstreamNotAllowed(target.upstream.name, key: rules.name)
        }
        route = OutlayWire.route(method: method, path: path, dialect: target.upstream.dialect)
        try checkBody()
    }

    private func checkBody() throws(Refusal) {
        guard route.billing != .refused, !fields.marks.isWebSocket else { throw .webSocket }
        guard !fields.marks.isEncoded else { throw .encodedBody }
        if let length = fields.contentLength, length > snapshot.limits.bodyBytesMax {
            throw .tooLarge(snapshot.limits.bodyBytesMax)
        }
        let hasKey = target.credential != nil || target.upstream.key == .client || target.upstream.key == .none
        guard hasKey else { throw .missingProviderKey(target.upstream.name) }
    }

    private static func resolve(
        _ text: String,
        _ fields: RequestFields
    ) throws(Refusal) -> (path: PublicPath, query: Substring) {
        let path = text.prefix { $0 != "?" }
        do throws(PublicPath.Problem) {
            let resolved = try PublicPath(String(path), hasAnthropicVersion: fields.marks.hasAnthropicVersion)
            return (resolved, text.dropFirst(path.count + 1))
        } catch {
            switch error {
            case .unsafe:
                throw Refusal(.invalidPath, "The path has segments that could mean another path; write it plainly.")
            case .unknown: throw .unknownUpstream(String(path.prefix(64)))
            }
        }
    }

    private static func query(_ query: Query, passing key: String?) -> String {
        guard let key else { return query.forwarded }
        return query.forwarded.isEmpty ? "key=\(key)" : "\(query.forwarded)&key=\(key)"
    }

    private static func dialect(named name: String) -> Upstream.Dialect {
        switch name {
        case "anthropic": .anthropic
        case "gemini": .gemini
        default: .openai
        }
    }
}
