/// Decides whom a call belongs to: from claims to effective tags, by a fixed order and rules of trust.
///
/// Strongest first: the key's locked tags, verified tokens, headers, baggage, the provider's metadata,
/// the first call of the trace, the agent registry, rules, the workspace's defaults, fallbacks. Built
/// once per configuration snapshot and asked once per call: it looks things up and never fails.
package struct AttributionResolver: Sendable {
    package let spellings: Spellings
    private let aliases: ValueAliases
    private let agents: [String: [Agent]]
    /// Path and host rules, in the order they are written.
    private let requestRules: [TagRule]
    private let userRules: [String: [TagRule]]
    private let workspaces: [String: TagSet]
    private let form: @Sendable (String) -> String
    /// Whether no rule is dated: the same claims then get the same tags at any time.
    package let isSteady: Bool

    /// - Parameter form: gives values that Unicode calls equal one spelling; the tables for it are no part of Core.
    package init(
        _ resources: Resources = Resources(),
        form: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.form = form
        spellings = Spellings(resources.tags)
        aliases = ValueAliases(resources.tags.aliases)
        agents = Dictionary(grouping: resources.agents, by: \.name)
        workspaces = Dictionary(resources.workspaces.map { ($0.name, $0.tags) }) { first, _ in first }
        isSteady = resources.rules.allSatisfy { $0.from == nil && $0.to == nil }
        requestRules = resources.rules.filter { $0.condition.user == nil }
        userRules = resources.rules.reduce(into: [:]) { rules, rule in
            if let user = rule.condition.user { rules[user, default: []].append(rule) }
        }
    }

    /// The tags a call gets, and where each comes from.
    ///
    /// - Parameters:
    ///   - claims: what the call says of itself.
    ///   - key: what authenticated the call; its workspace is the call's.
    ///   - time: when the call began, which dated rules are asked about.
    ///   - inherited: the effective tags of the first call of the same trace *by the same key*.
    /// - Returns: what counts and what was only claimed; claims that did not count are its conflicts.
    package func attribute(
        _ claims: Claims,
        key: KeyRules,
        at time: Timestamp,
        inherited: TagSet? = nil
    ) -> Attribution {
        var draft = AttributionDraft(key: key, aliases: aliases, form: form)
        for claim in claims.strongestFirst { draft.consider(claim) }
        if let user = claims.user.flatMap(TagText.cleaned), !user.isEmpty {
            draft.consider(Claim(.user, user, from: .metadata, detail: "user"))
        }
        for dimension in claims.dropped { draft.flag(dimension) }
        if let inherited { draft.fill(inherited.without(Self.perCall), from: .trace, detail: "") }
        let agent = draft.effective[.agent]
        apply(agent: agent, to: &draft)
        for rule in requestRules where rule.holds(at: time) && rule.condition.matches(claims) {
            draft.fill(rule.tags, from: .rule, detail: rule.name)
        }
        if agent == nil { apply(agent: draft.effective[.agent], to: &draft) }
        if let user = draft.effective[.user], let rules = userRules[user] {
            for rule in rules where rule.holds(at: time) { draft.fill(rule.tags, from: .rule, detail: rule.name) }
        }
        draft.fill(workspaces[key.workspace] ?? .empty, from: .workspace, detail: key.workspace)
        for claim in claims.fallbacks {
            draft.fill([claim.dimension: claim.value], from: .trace, detail: claim.detail)
        }
        return draft.attribution
    }

    /// A trace's first call says nothing about the part that a later call plays.
    private static let perCall: Set<Dimension> = [.role, .workspace]

    /// An agent of the key's workspace is preferred to one of no workspace; other workspaces' are not seen.
    private func apply(agent name: String?, to draft: inout AttributionDraft) {
        guard let name, let candidates = agents[name] else { return }
        let agent =
            candidates.first { $0.workspace == draft.key.workspace } ?? candidates.first { $0.workspace == nil }
        if let agent { draft.fill(agent.tags, from: .agent, detail: name) }
    }
}

extension AttributionResolver {
    /// Takes one request header into `claims`.
    ///
    /// - Returns: whether the header speaks to Outlay, and so must not be forwarded to a provider.
    @discardableResult
    package func collect(header name: String, value: String, into claims: inout Claims) -> Bool {
        if let dimension = spellings.dimension(header: name) {
            claims.add(dimension, value, from: .header, detail: name)
            return true
        }
        if Self.isEqual(name, Self.baggageHeader) {
            collect(baggage: value, into: &claims)
        } else if Self.isEqual(name, Self.tagsHeader) {
            collect(tagsHeader: value, into: &claims)
        }
        return isOurs(name)
    }

    /// Whether a request header speaks to Outlay, whatever its value; allocates nothing.
    package func isClaim(header name: String) -> Bool {
        spellings.dimension(header: name) != nil || isOurs(name)
    }

    /// Whether a header that names no dimension is for Outlay all the same.
    private func isOurs(_ name: String) -> Bool {
        Self.isEqual(name, Self.baggageHeader)
            || name.utf8.starts(with: Self.productPrefix) { $0 | 0x20 == $1 || $0 == $1 }
    }

    /// Takes W3C `baggage` into `claims`; members that are no tags belong to somebody else and are passed over.
    package func collect(baggage text: String, into claims: inout Claims) {
        let members = TagText.pairs(ofBaggage: text)
        for member in members.pairs {
            guard let dimension = spellings.dimension(named: member.name) else { continue }
            claims.add(dimension, member.value, from: .baggage, detail: "baggage")
        }
        if members.isDamaged { claims.drop(.malformed) }
    }

    /// Takes `X-Outlay-Tags` into `claims`; it may name any dimension.
    package func collect(tagsHeader text: String, into claims: inout Claims) {
        let tags = TagText.pairs(ofTagsHeader: text)
        for tag in tags.pairs { collect(anyName: tag.name, value: tag.value, from: .header, into: &claims) }
        if tags.isDamaged { claims.drop(.malformed) }
    }

    /// Takes a metadata field or telemetry attribute into `claims`, if its name is a spelling of a dimension.
    package func collect(name: String, value: String, from source: Claim.Source, into claims: inout Claims) {
        guard let dimension = spellings.dimension(named: name) else { return }
        claims.add(dimension, value, from: source, detail: name)
    }

    /// Takes a tag into `claims` whatever its name, as long as it can name a dimension.
    package func collect(anyName name: String, value: String, from source: Claim.Source, into claims: inout Claims) {
        guard let dimension = spellings.dimension(named: name) ?? Dimension(name.lowercased()) else {
            return claims.drop(.malformed)
        }
        claims.add(dimension, value, from: source, detail: source == .header ? "x-outlay-tags" : name)
    }

    private static let baggageHeader = Array("baggage".utf8)
    private static let tagsHeader = Array("x-outlay-tags".utf8)
    private static let productPrefix = Array("x-outlay-".utf8)

    private static func isEqual(_ name: String, _ lowercased: [UInt8]) -> Bool {
        name.utf8.count == lowercased.count && name.utf8.elementsEqual(lowercased) { $0 | 0x20 == $1 || $0 == $1 }
    }
}

extension TagRule {
    /// Whether `time` lies in `[from, to)`; a missing end is open.
    func holds(at time: Timestamp) -> Bool {
        (from.map { $0 <= time } ?? true) && (to.map { time < $0 } ?? true)
    }
}

extension TagRule.Condition {
    /// The user a membership is about; `nil` for rules about the request.
    var user: String? {
        if case .user(let name) = self { name } else { nil }
    }

    /// Whether the request looks like this; users are matched by name instead.
    func matches(_ claims: Claims) -> Bool {
        switch self {
        case .pathPrefix(let prefix): claims.path?.utf8.starts(with: prefix.utf8) ?? false
        case .host(let pattern): claims.host.map { Self.isHost($0, pattern) } ?? false
        case .user: false
        }
    }

    /// Compares without the port and without regard to case.
    private static func isHost(_ host: String, _ pattern: String) -> Bool {
        let end = host.utf8.first == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ":")
        let name = host.utf8.prefix { $0 != end }.map(lowercased)
        let wanted = pattern.utf8.prefix { $0 != end }.map(lowercased)
        guard wanted.first == UInt8(ascii: "*") else { return name == wanted }
        return name.count >= wanted.count && name.suffix(wanted.count - 1).elementsEqual(wanted.dropFirst())
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
