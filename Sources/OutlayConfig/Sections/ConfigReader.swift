internal import OutlayCore

/// Reads sections into resources, and checks afterwards that every name that is used is defined.
struct ConfigReader {
    let log: DiagnosticLog
    var resources = Resources()
    /// What may be claimed and how it is spelt; complete once the `tags` section is read.
    var spellings = Spellings()
    /// The entries of `budgets`, which are read when all their defaults are known.
    var budgetEntries: [Fields] = []
    /// Where each thing is defined: `upstream` → `openai` → place.
    private var defined: [String: [String: Place]] = [:]
    private var uses: [Use] = []

    private struct Use {
        let kind: String
        let name: String
        let by: String
        let place: Place
    }

    init(log: DiagnosticLog) {
        self.log = log
    }

    /// Reads `documents`, whose sections of the same name are read as one.
    mutating func read(_ documents: [ConfigNode]) {
        var sections: [Section: [ConfigNode]] = [:]
        for document in documents { collect(document, into: &sections) }
        for section in Section.allCases {
            for node in sections[section, default: []] { read(section, node) }
        }
        readBudgets()
        checkUses()
        checkWorkspaces()
        checkApprovers()
        checkFallbacks(defined["upstream", default: [:]])
    }

    private mutating func collect(_ document: ConfigNode, into sections: inout [Section: [ConfigNode]]) {
        guard case .mapping(let entries) = document.content else {
            if case .nothing = document.content { return }
            return log.error("a configuration must be a mapping of sections, not \(document.kind)", at: document.place)
        }
        for entry in entries {
            if let section = Section(rawValue: entry.key) {
                if case .nothing = entry.value.content { continue }
                sections[section, default: []].append(entry.value)
            } else if Section.later.contains(entry.key) {
                log.warn("section '\(entry.key)' is not in this version yet and has no effect", at: entry.keyPlace)
            } else {
                let names = Section.allCases.map(\.rawValue)
                let ending = Suggestion.ending(
                    for: entry.key,
                    among: names + Section.later,
                    otherwise: "there are \(Suggestion.listing(names))"
                )
                log.error("unknown section '\(Fields.shortened(entry.key))'\(ending)", at: entry.keyPlace)
            }
        }
    }

    private mutating func read(_ section: Section, _ node: ConfigNode) {
        switch section {
        case .tags: readTags(node)
        case .teams: readTeams(node)
        case .workspaces: for fields in items(node, section, "workspace") { readWorkspace(fields) }
        case .upstreams: for fields in items(node, section, "upstream") { readUpstream(fields) }
        case .agents: for fields in items(node, section, "agent") { readAgent(fields) }
        case .keys: for fields in items(node, section, "key") { readKey(fields) }
        case .tools: for fields in items(node, section, "tool") { readTool(fields) }
        case .emitters: for fields in items(node, section, "emitter") { readEmitter(fields) }
        case .prices: for fields in items(node, section, "price") { readPrice(fields) }
        case .discounts: for fields in items(node, section, "discount") { readDiscount(fields) }
        case .retention: readRetention(node)
        case .policies: readPolicies(items(node, section, "policy"))
        case .budgets: budgetEntries += items(node, section, "budget")
        case .approvals: readApprovals(node)
        }
    }

    private func items(_ node: ConfigNode, _ section: Section, _ kind: String) -> [Fields] {
        guard case .list(let nodes) = node.content else {
            log.error("section '\(section.rawValue)' must be a list ('- …'), not \(node.kind)", at: node.place)
            return []
        }
        return nodes.compactMap { Fields($0, kind, log) }
    }

    /// Notes that `name` is defined at `place`, and reports when it already was.
    mutating func define(_ kind: String, _ name: String, at place: Place) {
        if let first = defined[kind]?[name] {
            log.error("\(kind) '\(Fields.shortened(name))' is defined twice; the first is at \(first)", at: place)
        } else {
            defined[kind, default: [:]][name] = place
        }
    }

    /// Where the `kind` named `name` is defined.
    func place(of kind: String, _ name: String) -> Place? {
        defined[kind]?[name]
    }

    func isDefined(_ kind: String, _ name: String) -> Bool {
        defined[kind]?[name] != nil
    }

    /// Notes that `by` uses the `kind` named `name`, which may be defined later or in another file.
    mutating func use(_ kind: String, _ name: String, by: String, at place: Place) {
        uses.append(Use(kind: kind, name: name, by: by, place: place))
    }

    private func checkUses() {
        for use in uses where !isDefined(use.kind, use.name) {
            guard !log.isFull else { return }
            var names = defined[use.kind, default: [:]].keys.sorted()
            if use.kind == "upstream" {
                names += Upstream.builtIn.map(\.name)
            } else if use.kind == "workspace" {
                // Without a workspaces section, a workspace is whatever keys name.
                if names.isEmpty { continue }
                names.append(Workspace.defaultName)
            }
            if names.contains(use.name) { continue }
            let ending = Suggestion.ending(for: use.name, among: names, otherwise: "define it, or use another")
            log.error(
                "\(use.by) names \(use.kind) '\(Fields.shortened(use.name))', which is not defined\(ending)",
                at: use.place
            )
        }
    }
}

/// The sections of a configuration, in the order they are read.
enum Section: String, CaseIterable {
    case tags
    case teams
    case workspaces
    case upstreams
    case agents
    case keys
    case tools
    case emitters
    case prices
    case discounts
    case retention
    case policies
    case budgets
    case approvals

    /// Sections of the format that this version accepts and does not act on.
    static let later = [
        "allocation", "organisation", "customers", "clients", "alerts",
        "routes", "anomalies", "forecasts", "reports", "sso", "forwarding",
    ]
}
