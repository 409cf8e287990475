/// By which texts a call may be known to somebody else.
package struct CallNames: Hashable, Sendable {
    /// The provider's ids in bodies.
    package var responses: [String]
    /// The provider's ids in headers, and spans as `span:<trace>:<span>`, hashed.
    package var others: [UInt128]

    package init(responses: [String] = [], others: [UInt128] = []) {
        self.responses = responses
        self.others = others
    }

    package var isEmpty: Bool { responses.isEmpty && others.isEmpty }

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

    /// - Parameters:
    ///   - trace: 32 hexadecimal digits.
    ///   - span: 16 of them.
    package static func span(_ span: String, of trace: String) -> UInt128 {
        Fingerprinter.of("span", trace, span)
    }
}

extension ProjectedCall {
    /// The names under which the gateway may have booked the call.
    package var gatewayNames: CallNames {
        var names = CallNames()
        for name in self.names {
            let kind = name.prefix { $0 != ":" }
            let text = String(name.dropFirst(kind.count + 1))
            switch kind {
            case "response": names.responses.append(text)
            case "request": names.others.append(CallNames.request(text))
            default: break
            }
        }
        if let name = CallNames.conversation(links().conversationID, lead.metering) { names.others.append(name) }
        for place in places {
            names.others.append(
                CallNames.span(place.span.hexadecimal(digits: 16), of: place.trace.hexadecimal(digits: 32))
            )
        }
        return names
    }
}

extension CostEvent {
    /// What another report of the call may name, beside the response.
    package var joinNames: [UInt128] {
        var names: [UInt128] = []
        if let request = links.requestID { names.append(CallNames.request(request)) }
        if let name = CallNames.conversation(links.conversationID, metering) { names.append(name) }
        if let trace = links.traceID, let span = links.spanID { names.append(CallNames.span(span, of: trace)) }
        return names
    }
}
