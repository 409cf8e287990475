internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// What is known of a call before it is forwarded.
///
/// A class, because it is looked at from many places.
final class CallFacts {
    let route: Route
    private(set) var peek = RequestPeek()
    private(set) var attribution: Attribution
    private(set) var links: CallLinks
    /// A Responses call that may go on after its answer: its usage is booked once, by the response's id.
    private(set) var isBackground = false
    /// The model that was asked for, where the call goes to a cheaper one.
    private(set) var downgradedFrom: String?
    /// What the caller is told of what was done with its call.
    private(set) var notices: [Field] = []

    /// Before the body was looked at.
    init(_ accepted: AcceptedHead) {
        route = accepted.route
        let rules = accepted.caller.stored.rules
        attribution = Attribution(workspace: rules.workspace, key: rules.name)
        links = accepted.fields.links
        links.conversationID = accepted.fields.session.map { String($0.prefix(256)) }
    }

    convenience init(
        _ accepted: AcceptedHead,
        body: ByteBuffer,
        call: CallID,
        state: LoopState,
        at now: Timestamp
    ) throws(Refusal) {
        self.init(accepted)
        try look(at: body, of: accepted)
        let rules = accepted.caller.stored.rules
        if route.billing == .metered, !rules.models.isEmpty {
            let names = [requestedModel, mappedModel(at: accepted.target)].compactMap(\.self)
            guard names.contains(where: rules.allows(model:)) else {
                throw .modelNotAllowed(requestedModel, key: rules.name)
            }
        }
        attribute(accepted, call: call, state: state, at: now)
    }

    private func look(at body: ByteBuffer, of accepted: AcceptedHead) throws(Refusal) {
        let type = accepted.fields.contentType ?? ""
        guard body.readableBytes > 0 else { return }
        do throws(RequestPeekError) {
            if type.hasFieldPrefix("multipart/form-data") {
                let bytes = Array(body.readableBytesView)
                peek = try RequestPeek(multipart: bytes, contentType: accepted.fields.contentType ?? "")
            } else if route.billing == .metered || type.hasFieldPrefix("application/json") {
                let dialect = accepted.target.upstream.dialect
                peek = try RequestPeek(body: body.readableBytesSpan, dialect: dialect, api: route.api)
            }
        } catch {
            guard route.billing == .metered else { return }
            switch error {
            case .malformed: throw .malformedBody
            case .duplicateKey(let key):
                throw Refusal(.duplicateKey, "The request body has the key '\(key)' twice; send it once.")
            }
        }
        isBackground = route.api == "responses" && BackgroundMark.isIn(body)
    }

    /// Decides whom the call belongs to, and remembers it for later calls of its trace.
    private func attribute(_ accepted: AcceptedHead, call: CallID, state: LoopState, at now: Timestamp) {
        let core = state.core
        let rules = accepted.caller.stored.rules
        var claims = CallClaims(
            fields: accepted.fields.claims,
            metadata: peek.metadata,
            user: peek.user,
            path: accepted.path,
            host: accepted.fields.host,
            traceID: links.traceID
        )
        claims.token = accepted.token
        claims.sessionID = accepted.fields.session
        if let agent = accepted.fields.turn?.agent { claims.metadata.append(("agent_name", agent)) }
        let trace = links.traceID.map { RecentCalls.Name(key: rules.name, text: $0) }
        attribution = state.attributions.attribution(
            of: claims,
            key: accepted.caller.stored,
            under: accepted.snapshot
        ) {
            let inherited = trace.flatMap { core.recent.find($0, at: now)?.tags }
            return accepted.snapshot.attributing.attribute(claims, key: rules, at: now, inherited: inherited)
        }
        let entry = RecentCalls.Entry(call: call, tags: attribution.effective, at: now)
        if let trace { core.recent.add(trace, entry) }
        linkRetry(entry, key: rules.name, core: core, at: now)
    }

    /// A retry belongs to the call whose request id or span it repeats; tags that differ are flagged.
    private func linkRetry(_ entry: RecentCalls.Entry, key: String, core: GatewayCore, at now: Timestamp) {
        links.call = entry.call
        let span = links.spanID.flatMap { span in links.traceID.map { "\($0)-\(span)" } }
        guard let text = links.clientRequestID ?? span else { return }
        let name = RecentCalls.Name(key: key, text: "task:\(text)")
        guard let first = core.recent.find(name, at: now) else { return core.recent.add(name, entry) }
        guard links.clientRequestID != nil || links.attempt > 1 else { return }
        links.call = first.call
        links.attempt = max(2, links.attempt)
        for tag in attribution.effective where first.tags[tag.dimension] != tag.value {
            if !attribution.conflicts.contains(tag.dimension) { attribution.conflicts.append(tag.dimension) }
        }
    }
}

extension CallFacts {
    var isStream: Bool { peek.isStream || route.isStream }

    var requestedModel: String? { downgradedFrom != nil ? peek.model : route.model ?? peek.model }

    /// The model a deployment serves, where the upstream's configuration says so.
    func mappedModel(at target: UpstreamTarget) -> String? {
        let deployments = target.upstream.deployments
        return requestedModel.map { deployments.isEmpty ? $0 : deployments[$0] ?? $0 }
    }

    /// What the call can take at most, as far as its request says.
    func estimate(_ ratio: CharactersPerToken) -> CallEstimate {
        var estimate = CallEstimate(api: route.api, promptCharacters: peek.promptCharacters, ratio: ratio)
        estimate.maxOutputTokens = peek.maxOutputTokens
        estimate.choices = peek.choices
        estimate.speechCharacters = peek.inputCharacters ?? 0
        return estimate
    }

    /// Takes over what the gate decided besides letting the call pass.
    func apply(_ admitted: AdmittedCall) {
        notices = admitted.notices.map { Field($0.name, $0.value) }
        if let attribution = admitted.attribution { self.attribution = attribution }
        guard let model = admitted.model, let asked = requestedModel else { return }
        downgradedFrom = asked
        peek.model = model
        notices.append(Field("x-outlay-downgraded", "\(asked) -> \(model)"))
    }

    /// The path to call, where the model stands in it.
    func path(_ path: String) -> String {
        guard let downgradedFrom, route.model != nil, let model = peek.model else { return path }
        return path.replacing("models/\(downgradedFrom):", with: "models/\(model):", maxReplacements: 1)
    }

    /// The body to send: the caller's, with a cheaper model, the usage asked for and the tags where they go.
    func body(of body: ByteBuffer, splice: BodySplice?, for target: UpstreamTarget) -> ByteBuffer {
        let model = downgradedFrom != nil && route.model == nil ? peek.modelSplice : nil
        guard model != nil || splice != nil else { return tagged(body, for: target) }
        // The later change first, so that the places of the other stay true.
        let changes = [model, splice].compactMap(\.self).sorted { $0.range.lowerBound > $1.range.lowerBound }
        return tagged(changes.reduce(body) { $1.applied(to: $0) }, for: target)
    }

    /// How usage is asked for at `target`; `nil` where it need not or cannot be.
    func includeUsage(at target: UpstreamTarget) -> BodySplice? {
        target.upstream.acceptsIncludeUsage && route.billing == .metered ? peek.includeUsageSplice : nil
    }

    /// `body` with the effective tags in the provider's metadata field, where the upstream's operator asked for it.
    func tagged(_ body: ByteBuffer, for target: UpstreamTarget) -> ByteBuffer {
        guard target.upstream.writesMetadata, route.billing == .metered else { return body }
        let splice = BodySplice.metadata(
            attribution.effective,
            into: Array(body.readableBytesView),
            api: route.api,
            hasLabels: target.origin.host.hasSuffix("aiplatform.googleapis.com")
        )
        return splice?.applied(to: body) ?? body
    }

    func service(at target: UpstreamTarget) -> ServiceUse {
        ServiceUse(
            provider: target.upstream.provider,
            api: route.api,
            upstream: target.upstream.name,
            requestedModel: requestedModel,
            model: nil,
            context: target.context.overridden(by: peek.context)
        )
    }
}

/// Finds `"background": true` in a request or a response of the Responses API.
///
/// Inside a JSON string its quotes would be escaped, so the bytes can only be a member.
enum BackgroundMark {
    private static let name = Array(#""background""#.utf8)
    /// Longer bodies are not searched.
    private static let lengthMax = 4 * 1024 * 1024

    static func isIn(_ body: ByteBuffer) -> Bool {
        guard body.readableBytes <= lengthMax else { return false }
        var rest = body.readableBytesView[...]
        while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
            rest = rest[quote...]
            if rest.starts(with: name) {
                let value = rest.dropFirst(name.count).drop { [0x20, 0x09, 0x0A, 0x0D, 0x3A].contains($0) }
                if value.starts(with: Array("true".utf8)) { return true }
            }
            rest = rest.dropFirst()
        }
        return false
    }
}
