package import OutlayCore
internal import OutlayWeb
package import OutlayWire

extension Installation {
    package func book(_ post: EventPost, by principal: Principal) async throws -> EventsAnswer {
        let state = current
        let key = try sender(of: post, principal, in: state)
        let resolver = AttributionResolver(state.configuration, form: \.composed)
        let desk = EventDesk(
            ledger: metered,
            rules: ReportedEventRules(resolver: resolver, pricing: state.pricing),
            now: now()
        )
        // A key's names are its own: two keys may both count from 1.
        let source = principal.keyName.map { "api:\($0)" } ?? post.source ?? "api"
        return try await desk.book(post, source: source, key: key)
    }

    /// Whose rules hold: the sending key's, or those of the key the administrator names.
    private func sender(of post: EventPost, _ principal: Principal, in state: State) throws(APIError) -> KeyRules? {
        guard let name = principal.keyName ?? post.keyName else { return nil }
        guard let key = state.key(named: name, at: now()) else {
            throw APIError(.notFound, "There is no valid key '\(name)'. List them with outlay key list.")
        }
        guard key.rules.door != .gateway || principal == .administrator else {
            throw APIError(.forbidden, "The key '\(name)' is for the gateway only: make one with --for ingest or both.")
        }
        return key.rules
    }
}
