internal import OutlayCore
internal import OutlayGateway
internal import OutlayWire

/// Core's resolver, asked by the gateway about each call.
struct Attributor: Attributing {
    private let resolver: AttributionResolver

    init(_ resources: Resources) {
        resolver = AttributionResolver(resources, form: \.composed)
    }

    func isClaim(field name: String) -> Bool {
        var claims = Claims()
        return resolver.collect(header: name, value: "", into: &claims)
    }

    func attribute(_ call: CallClaims, key: KeyRules, at time: Timestamp, inherited: TagSet?) -> Attribution {
        var claims = Claims(path: call.path, host: call.host, user: call.user)
        for field in call.fields { resolver.collect(header: field.name, value: field.value, into: &claims) }
        for field in call.metadata {
            resolver.collect(name: field.name, value: field.value, from: .metadata, into: &claims)
        }
        if let trace = call.traceID { claims.addFallback(.run, trace, detail: "traceparent") }
        return resolver.attribute(claims, key: key, at: time, inherited: inherited)
    }
}
