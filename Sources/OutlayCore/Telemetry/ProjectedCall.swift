/// One call as the reports about it tell it together.
package struct ProjectedCall: Hashable, Sendable {
    /// The most believed first; never empty.
    package let members: [Observation]
    /// The spans above, the nearest first.
    package let ancestors: [Observation]
    /// Whether it is a sum over calls that nobody reported one by one.
    package let isSum: Bool
    /// The spans it consists of: the reports' own, and those below that reach the provider.
    package let places: [TracePlace]

    init(members: [Observation], ancestors: [Observation], isSum: Bool, places: [TracePlace]) {
        self.members = members
        self.ancestors = ancestors
        self.isSum = isSum
        self.places = places
    }

    /// The report whose numbers count.
    package var lead: Observation { members[0] }

    /// Whether a better signal of its emitter, or a call below it, may still make it superfluous.
    package var isWeak: Bool {
        isSum || members.allSatisfy { $0.authority < .leading }
    }

    /// Changes when, and only when, other reports have a say in it.
    package var inputs: UInt64 {
        var fingerprint = Fingerprinter()
        for member in members { fingerprint.add(member.identity) }
        for ancestor in ancestors where !ancestor.claims.isEmpty || ancestor.service.model != nil {
            fingerprint.add(ancestor.identity)
        }
        return UInt64(truncatingIfNeeded: fingerprint.value)
    }

    /// Every text by which another report, or the gateway, may know the call.
    package var names: [String] {
        var names: [String] = []
        for name in members.flatMap(\.names) where !names.contains(name) { names.append(name) }
        return names
    }

    /// What the reports claim, the nearest statement first: record, what is above, scope, resource.
    func claims() -> Claims {
        var claims = Claims()
        for reach in [TelemetryClaim.Reach.record, .scope, .resource] {
            for observations in [members, ancestors] {
                for index in observations.indices {
                    for claim in observations[index].claims where claim.reach == reach {
                        claims.add(claim.dimension, claim.value, from: .telemetry, detail: claim.attribute)
                    }
                }
            }
        }
        if let trace = (members.lazy.compactMap { $0.place?.trace }.first) {
            claims.addFallback(.run, trace.hexadecimal(digits: 32), detail: "trace")
        }
        return claims
    }

    /// Provider, model and tier, each from the most believed report that knows it, else from above.
    func service() -> ServiceUse {
        var service = lead.service
        for other in members.dropFirst() + ancestors {
            if service.provider == ServiceUse.unknown { service.provider = other.service.provider }
            if service.api == ServiceUse.unknown { service.api = other.service.api }
            service.model = service.model ?? other.service.model
            service.requestedModel = service.requestedModel ?? other.service.requestedModel
            service.context = other.service.context.overridden(by: service.context)
        }
        return service
    }

    func links() -> CallLinks {
        var links = lead.links
        for other in members.dropFirst() {
            links.responseID = links.responseID ?? other.links.responseID
            links.requestID = links.requestID ?? other.links.requestID
            links.clientRequestID = links.clientRequestID ?? other.links.clientRequestID
            links.traceID = links.traceID ?? other.links.traceID
            links.spanID = links.spanID ?? other.links.spanID
            links.conversationID = links.conversationID ?? other.links.conversationID
        }
        return links
    }
}

extension ServiceUse {
    /// Stands for a provider or an API that nobody named.
    package static let unknown = "unknown"
}

extension FixedWidthInteger {
    /// The lowest `digits` hexadecimal digits, in lower case, with zeros in front.
    package func hexadecimal(digits: Int) -> String {
        unsafe String(unsafeUninitializedCapacity: digits) { bytes in
            var word = UInt64(truncatingIfNeeded: self)
            for place in 0..<digits {
                if place == 16 { word = UInt64(truncatingIfNeeded: self >> 64) }
                let digit = UInt8(truncatingIfNeeded: word & 15)
                word &>>= 4
                let letter = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                unsafe bytes[digits - 1 - place] = letter
            }
            return digits
        }
    }
}
