internal import OutlayCore

extension ConfigReader {
    mutating func readWorkspace(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        let tags = readTagSet(fields)
        let requires = readRequired("requires", fields)
        fields.finish()
        guard let name else { return }
        define("workspace", name, at: fields.place)
        resources.workspaces.append(Workspace(name: name, tags: tags, requires: requires))
    }

    /// `{ name, workspace, tags }`, and the usual tags directly: `{ name: bot, team: support }`.
    mutating func readAgent(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        let workspace = fields.text("workspace")
        let own: [Dimension] = [
            .team, .project, .environment, .customer, .client, .tenant, .feature, .costCenter, .purpose,
        ]
        let tags = readTagSet(fields, direct: own)
        fields.finish()
        if let workspace { use("workspace", workspace, by: fields.subject, at: fields.place(of: "workspace")) }
        guard let name else { return }
        define("agent", workspace.map { "\(name)' of workspace '\($0)" } ?? name, at: fields.place)
        resources.agents.append(Agent(name: name, tags: tags, workspace: workspace))
    }

    mutating func readKey(_ fields: Fields) {
        let name = fields.required("name", ValueText.name)
        var key = KeyRules(name: name ?? "")
        key.tags = readTagSet(fields)
        if let workspace = fields.text("workspace") {
            key.workspace = workspace
            use("workspace", workspace, by: fields.subject, at: fields.place(of: "workspace"))
        }
        for entry in fields.mapping("allow") { readAllowed(entry, fields, &key) }
        for (upstream, place) in fields.texts("upstreams") {
            key.upstreams.append(upstream)
            use("upstream", upstream, by: fields.subject, at: place)
        }
        key.models = fields.texts("models").map { model in
            if model.text.dropLast().contains("*") {
                log.error("model '\(model.text)' of \(fields.subject) may have '*' only at its end", at: model.place)
            }
            return model.text
        }
        key.door = fields.value("for", ValueText.choice(KeyRules.Door.self)) ?? .both
        key.expires = fields.value("expires", ValueText.instant)
        let secret = readSecret("key", fields)
        fields.finish()
        guard let name else { return }
        define("key", name, at: fields.place)
        resources.keys.append(key)
        resources.keySecrets[name] = secret
    }

    private func readAllowed(_ entry: ConfigNode.Entry, _ fields: Fields, _ key: inout KeyRules) {
        guard let dimension = dimension(entry.key, by: fields.subject, at: entry.keyPlace) else { return }
        let nodes: [ConfigNode]
        switch entry.value.content {
        case .list(let items): nodes = items
        case .text: nodes = [entry.value]
        case .nothing, .mapping:
            return log.error(
                "'allow' of \(fields.subject) needs a list of values for '\(dimension)'",
                at: entry.keyPlace
            )
        }
        let values = nodes.compactMap { node -> String? in
            guard case .text(let text) = node.content else {
                log.error("'allow' of \(fields.subject) must list single values", at: node.place)
                return nil
            }
            return fields.read(text, at: node.place, "allow", ValueText.name)
        }
        if key.tags[dimension] != nil {
            log.error("\(fields.subject) both locks and lists '\(dimension)'; keep one", at: entry.keyPlace)
        }
        key.allow[dimension] = values
    }

    /// `key: env:NAME` or `sha256: HEX`; the key itself is never in a configuration.
    func readSecret(_ word: String, _ fields: Fields) -> KeySecret? {
        let variable = fields.value(word) { (text: String) throws(ValueProblem) in
            guard text.hasPrefix("env:"), let name = ValueText.variable(text.dropFirst(4)) else {
                throw ValueProblem(
                    "is not where a \(word) is; use env:NAME, or its SHA-256 under 'sha256'",
                    hidesValue: true
                )
            }
            return KeySecret.environment(name)
        }
        let digest = fields.value("sha256", ValueText.digest).map(KeySecret.digest)
        if variable != nil, digest != nil {
            log.error("\(fields.subject) has both '\(word)' and 'sha256'; keep one", at: fields.place(of: "sha256"))
        }
        return variable ?? digest
    }
}
