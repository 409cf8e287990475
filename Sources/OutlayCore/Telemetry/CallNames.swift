/// By which texts a call may be known to somebody else.
package struct CallNames: Hashable, Sendable {
    /// The provider's ids in bodies.
    package var responses: [String]
    /// The provider's ids in headers, and spans as `span:<trace>:<span>`, hashed.
    package var others: [UInt128]
    /// What a call without any id was, in each moment in which it may have begun.
    ///
    /// Several calls may be known by one; the one that began nearest is meant.
    package var nameless: [UInt128]

    package init(responses: [String] = [], others: [UInt128] = [], nameless: [UInt128] = []) {
        self.responses = responses
        self.others = others
        self.nameless = nameless
    }

    package static func response(_ id: String) -> UInt128 {
        Fingerprinter.of("response", id)
    }

    package static func request(_ id: String) -> UInt128 {
        Fingerprinter.of("request", id)
    }

    /// Names a call by its conversation and its exact counts, for emitters that tell nothing better.
    ///
    /// The prompt of a conversation grows with every call, so no two of them count alike.
    ///
    /// - Returns: `nil` without a conversation, or without counts.
    package static func conversation(_ id: String?, _ metering: Metering) -> UInt128? {
        guard let id, metering.quality == .exact, !metering.parts.isEmpty else { return nil }
        let usage = metering.total
        return Fingerprinter.of("conversation", id, "\(usage.promptTokens)", "\(usage[.output])")
    }

    package static func span(_ span: UInt64, of trace: UInt128) -> UInt128 {
        var fingerprint = Fingerprinter()
        fingerprint.add(trace)
        fingerprint.add(span)
        return fingerprint.value
    }

    /// For calls whose answers carry no id, such as embeddings and errors: what they were and when they began.
    ///
    /// Two such calls alike in a moment may be taken for each other; they cost the same.
    static func nameless(_ model: String?, promptTokens: Int64, moment: Int64) -> UInt128 {
        var fingerprint = Fingerprinter()
        fingerprint.add("nameless")
        fingerprint.add(model ?? "")
        fingerprint.add(UInt64(bitPattern: promptTokens))
        fingerprint.add(UInt64(bitPattern: moment))
        return fingerprint.value
    }
}

extension Metering {
    /// The tokens by which a call without an id is known; `nil` where its answer was one that carries an id.
    fileprivate var namelessTokens: Int64? {
        let usage = total
        guard quality == .exact || quality == .unbilled, usage[.output] == 0 else { return nil }
        return usage.promptTokens
    }
}

extension Timestamp {
    /// Whole tenths of a second since 1970.
    fileprivate var moment: Int64 { microseconds / 100_000 }
}

extension ProjectedCall {
    /// The names under which the gateway may have booked the call.
    package var gatewayNames: CallNames {
        var names = CallNames()
        for name in self.names {
            guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let text = String(name[name.utf8.index(after: colon)...])
            switch name[..<colon] {
            case "response": names.responses.append(text)
            case "request": names.others.append(CallNames.request(text))
            default: break
            }
        }
        let links = links()
        if let name = CallNames.conversation(links.conversationID, lead.metering) { names.others.append(name) }
        for place in places {
            names.others.append(CallNames.span(place.span, of: place.trace))
        }
        if links.responseID == nil, links.requestID == nil { names.nameless = namelessNames }
        return names
    }

    /// The gateway's clock may be a fifth of a second off; it saw the call within ten seconds of its begin, or never.
    private var namelessNames: [UInt128] {
        guard let tokens = lead.metering.namelessTokens else { return [] }
        let service = service()
        let known = Set([service.model, service.requestedModel].compactMap { $0 }).sorted()
        let first = lead.start.moment - 2
        let moments = first...max(first, min(lead.end.moment + 2, first + 100))
        return (known.isEmpty ? [nil] : known.map(Optional.some)).flatMap { model in
            moments.map { CallNames.nameless(model, promptTokens: tokens, moment: $0) }
        }
    }
}

extension CostEvent {
    /// What another report of the call may name, beside the response.
    package var joinNames: [UInt128] {
        var names: [UInt128] = []
        if let request = links.requestID { names.append(CallNames.request(request)) }
        if let name = CallNames.conversation(links.conversationID, metering) { names.append(name) }
        if let trace = links.traceID.flatMap({ UInt128($0, radix: 16) }),
            let span = links.spanID.flatMap({ UInt64($0, radix: 16) })
        {
            names.append(CallNames.span(span, of: trace))
        }
        guard links.responseID == nil, let tokens = metering.namelessTokens else { return names }
        // Some report a failed call without its model.
        for model in Set([service.model, service.requestedModel, nil]) {
            names.append(CallNames.nameless(model, promptTokens: tokens, moment: at.moment))
        }
        return names
    }
}
