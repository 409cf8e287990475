internal import OutlayCore
internal import OutlayGateway
internal import OutlayWire

/// Core's resolver, asked by the gateway about each call.
struct Attributor: Attributing {
    private let resolver: AttributionResolver
    /// Headers with signed tokens: they end here too, and are read elsewhere.
    private let tokenHeaders: Set<String>

    init(_ resources: Resources) {
        tokenHeaders = Set(resources.tags.tokens.map(\.header))
        resolver = AttributionResolver(resources, form: \.composed)
    }

    func isClaim(field name: String) -> Bool {
        if !tokenHeaders.isEmpty, tokenHeaders.contains(name.lowercased()) { return true }
        return resolver.isClaim(header: name)
    }

    var isSteady: Bool { resolver.isSteady }

    func attribute(_ call: CallClaims, key: KeyRules, at time: Timestamp, inherited: TagSet?) -> Attribution {
        var claims = Claims(path: call.path, host: call.host, user: call.user)
        if let token = call.token { claims.add(token) }
        for field in call.fields { resolver.collect(header: field.name, value: field.value, into: &claims) }
        for field in call.metadata {
            resolver.collect(name: field.name, value: field.value, from: .metadata, into: &claims)
        }
        if let trace = call.traceID { claims.addFallback(.run, trace, detail: "traceparent") }
        if let session = call.sessionID { claims.addFallback(.run, session, detail: "session") }
        return resolver.attribute(claims, key: key, at: time, inherited: inherited)
    }
}
