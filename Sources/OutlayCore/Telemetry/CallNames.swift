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
        if let trace = links.traceID, let span = links.spanID { names.append(CallNames.span(span, of: trace)) }
        return names
    }
}
