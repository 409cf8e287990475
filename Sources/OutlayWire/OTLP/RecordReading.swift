package import OutlayCore

/// What a profile may ask about the record it reads: who sent it, and which attribute names are tags.
///
/// Made once for all records of a scope, because what surrounds them says the same of each.
package struct RecordReading: Sendable {
    package let context: RecordContext
    package let spellings: Spellings
    /// What the scope and the resource claim, read in the habits of the profile that asks.
    let surroundings: [TelemetryClaim]
    /// What tells the process apart, as its resource says.
    let instance: [String: String]
    private let claims: ClaimReading

    package init(context: RecordContext, spellings: Spellings, habits: TagHabits = TagHabits()) {
        self.init(context: context, spellings: spellings, names: TagNames(spellings), habits: habits)
    }

    init(context: RecordContext, spellings: Spellings, names: TagNames, habits: TagHabits) {
        self.context = context
        self.spellings = spellings
        let reading = ClaimReading(names: names, habits: habits)
        claims = reading
        surroundings =
            reading.claims(of: context.scope, reach: .scope) + reading.claims(of: context.resource, reach: .resource)
        instance = Self.values(of: Self.instanceAttributes, in: context.resource)
    }

    /// The attributes of a resource that tell processes apart.
    static let instanceAttributes = [
        "service.name", "service.namespace", "service.instance.id", "host.name", "container.id", "k8s.pod.uid",
        "process.pid", "session.id",
    ]
    /// Attributes that name a run where there is no trace, the best first.
    static let conversationAttributes = ["gen_ai.conversation.id", "conversation.id", "session.id"]

    /// Everything that is claimed about a record, the nearest first.
    ///
    /// A record outside any trace belongs to its conversation's run.
    func claims(of attributes: Attributes, isInTrace: Bool) -> [TelemetryClaim] {
        var claims = claims.claims(of: attributes, reach: .record)
        if claims.isEmpty {
            claims = surroundings
        } else {
            claims.reserveCapacity(claims.count + surroundings.count + 1)
            for claim in surroundings where !claims.contains(where: { ClaimReading.isSame($0, claim) }) {
                claims.append(claim)
            }
        }
        if !isInTrace, let conversation = conversation(of: attributes) { claims.append(conversation) }
        return claims
    }

    private func conversation(of attributes: Attributes) -> TelemetryClaim? {
        for name in Self.conversationAttributes {
            guard case .string(let value) = attributes[name] ?? context.resource[name], !value.isEmpty else { continue }
            return TelemetryClaim(.run, value, reach: .resource, attribute: name)
        }
        return nil
    }

    /// What tells the process of a record apart: its resource, and what the profile knows its records carry.
    func instance(of attributes: Attributes, by profile: some EmitterProfile) -> [String: String] {
        let own = profile.instanceAttributes
        guard !own.isEmpty else { return instance }
        return instance.merging(Self.values(of: own, in: attributes)) { $1 }
    }

    private static func values(of names: [String], in attributes: Attributes) -> [String: String] {
        var values: [String: String] = [:]
        for entry in attributes.entries where names.contains(entry.key) {
            switch entry.value {
            case .string(let text) where !text.isEmpty: values[entry.key] = text
            case .integer(let number): values[entry.key] = "\(number)"
            default: break
            }
        }
        return values
    }
}
