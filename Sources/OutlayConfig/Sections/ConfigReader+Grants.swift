internal import OutlayCore

extension ConfigReader {
    /// Reads the second limit, for calls that must not stop.
    ///
    /// `{ scopes: [{ purpose: incident }], limit: 6000 USD, sign_off: { by, from, until } }`
    mutating func readCritical(_ outer: Fields, _ limit: BudgetLimit?) -> CriticalCap? {
        guard let node = outer.node("critical"), let fields = Fields(node, "critical of \(outer.subject)", log) else {
            return nil
        }
        var scopes: [Scope] = []
        if let node = fields.node("scopes") {
            let items: [ConfigNode] = if case .list(let items) = node.content { items } else { [node] }
            for item in items { scopes.append(readScope(item, "'scopes'", by: fields.subject)) }
        }
        if scopes.isEmpty || scopes.contains(.everything) {
            log.error("\(fields.subject) needs 'scopes' with conditions on the calls it is for", at: fields.place)
        }
        let second = fields.required("limit", ValueText.amount(in: limit?.unit ?? .dollars))
        if let second, let limit, second < limit.amount {
            log.error(
                "'limit' of \(fields.subject) is below the budget's own limit of \(limit.unit.phrase(limit.amount))",
                at: fields.place(of: "limit")
            )
        }
        let signOff = readSignOff(fields)
        fields.finish()
        return second.map { CriticalCap(scopes: scopes, limit: $0, signOff: signOff) }
    }

    /// Reads who lets critical calls go on, and from when.
    ///
    /// `{ by: cfo, from: 2026-11-01, until: 2026-12-01 }`
    private func readSignOff(_ outer: Fields) -> CriticalCap.SignOff? {
        guard let node = outer.node("sign_off") else {
            log.warn("\(outer.subject) has no effect before somebody signs it off under 'sign_off'", at: outer.place)
            return nil
        }
        guard let fields = Fields(node, "sign_off of \(outer.subject)", log) else { return nil }
        let by = fields.required("by", ValueText.name)
        let from = fields.required("from", ValueText.instant)
        let until = fields.value("until", ValueText.instant)
        fields.finish()
        checkUntil(from, until, fields)
        guard let by, let from else { return nil }
        return CriticalCap.SignOff(by: by, from: from, until: until)
    }

    /// Reads the dated increases of a budget.
    ///
    /// `[{ amount | limit, from, until, by, reason, group, id }]`
    mutating func readGrants(_ outer: Fields, _ budget: Budget, _ limit: BudgetLimit?) {
        guard let node = outer.node("grants") else { return }
        for item in outer.list(node, "'grants' of \(outer.subject)") {
            guard let fields = Fields(item, "grant of \(outer.subject)", log) else { continue }
            readGrant(fields, budget, limit)
        }
    }

    private mutating func readGrant(_ fields: Fields, _ budget: Budget, _ limit: BudgetLimit?) {
        let id = fields.text("id")
        let group = readGroup(fields, budget)
        let unit = limit?.unit ?? .dollars
        let amount = fields.value("amount", ValueText.amount(in: unit))
        let override = fields.value("limit", ValueText.amount(in: unit))
        if fields.has("amount") == fields.has("limit") {
            log.error("\(fields.subject) needs one of 'amount' (more) and 'limit' (instead)", at: fields.place)
        }
        let from = fields.value("from", ValueText.instant) ?? Timestamp(seconds: 0)
        let until = fields.required("until", ValueText.instant)
        let by = fields.required("by", ValueText.name)
        let reason = fields.required("reason", ValueText.message)
        fields.finish()
        checkUntil(from, until, fields)
        let change = amount.map(Adjustment.Change.grant) ?? override.map(Adjustment.Change.override)
        guard let change, let until, let by, let reason else { return }
        var adjustment = Adjustment(
            id: id ?? "",
            budget: budget.name,
            group: group,
            change: change,
            from: from,
            until: until,
            by: by,
            reason: reason
        )
        if id == nil { adjustment.id = unusedID(adjustment.idInFiles) }
        define("grant", adjustment.id, at: fields.place)
        resources.adjustments.append(adjustment)
    }

    private func unusedID(_ id: String) -> String {
        var unused = id
        var number = 1
        while isDefined("grant", unused) {
            number += 1
            unused = "\(id)#\(number)"
        }
        return unused
    }

    /// One value for each dimension that the budget groups by.
    private func readGroup(_ fields: Fields, _ budget: Budget) -> [String]? {
        guard fields.has("group") else { return nil }
        let texts = fields.texts("group").map(\.text)
        guard texts.count == budget.groupBy.count, !texts.isEmpty else {
            let names = budget.groupBy.map(\.name).joined(separator: ", ")
            let wanted = names.isEmpty ? "a budget with 'group_by'" : "one value for each of [\(names)]"
            log.error("'group' of \(fields.subject) needs \(wanted)", at: fields.place(of: "group"))
            return nil
        }
        return zip(texts, budget.groupBy).map { effective($0, of: $1) }
    }

    private func checkUntil(_ from: Timestamp?, _ until: Timestamp?, _ fields: Fields) {
        guard let from, let until, until <= from else { return }
        log.error("'until' of \(fields.subject) is not after its 'from'", at: fields.place(of: "until"))
    }
}

extension Adjustment {
    /// What a grant is known by whose entry says no `id`: stays the same when lines move or its end is put off.
    var idInFiles: String {
        (["\(budget)@\(from)"] + (group ?? [])).joined(separator: "/")
    }
}
