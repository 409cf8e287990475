internal import OutlayCore

/// The meters a scenario plays on, and its clock.
struct ScenarioStage {
    private let zone: @Sendable (String) -> (any Zone)?
    private var budgets: [Budget] = []
    private var board = MeterBoard()
    private var now = Timestamp(seconds: 1_793_491_200)
    /// The calls in flight, by the names the story gives them.
    private var calls: [String: (number: UInt64, request: BudgetRequest)] = [:]
    private var steps = 0
    /// Everything that is booked, so that meters can be made from it again.
    private var ledger: [(actual: Consumption, subject: CallSubject, at: Timestamp)] = []

    init(zone: @escaping @Sendable (String) -> (any Zone)?) {
        self.zone = zone
    }

    /// Plays one step.
    ///
    /// - Returns: what came of it.
    mutating func play(_ text: String) throws(ScenarioProblem) -> String {
        steps += 1
        var words = StepWords(text)
        let verb = words.next() ?? ""
        switch verb {
        case "budget": return try define(words)
        case "at": return try move(to: words.time())
        case "wait": return try move(to: now.advanced(bySeconds: words.seconds()))
        case "reserve": return try reserve(&words)
        case "settle": return try settle(&words)
        case "release": return try release(&words)
        case "flow": return try flow(&words)
        case "book": return try book(&words)
        case "grant", "override": return try adjust(verb, &words)
        case "approve": return try approve(&words)
        case "suspend": return try suspend(&words)
        case "resume": return resume()
        case "meter": return try check(&words)
        case "restart": return restart()
        default:
            throw ScenarioProblem(
                "'\(verb)' is no step; there are budget, at, wait, reserve, settle, release, flow, book, grant, "
                    + "override, approve, suspend, resume, meter and restart"
            )
        }
    }

    // MARK: - Setting the stage

    private mutating func define(_ words: StepWords) throws(ScenarioProblem) -> String {
        let budget = try BudgetWords(words).budget(at: now)
        guard !budgets.contains(where: { $0.name == budget.name }) else {
            throw ScenarioProblem("there is a budget '\(budget.name)' already; give this one another name")
        }
        guard calls.isEmpty else { throw ScenarioProblem("budgets are defined before the first call") }
        budgets.append(budget)
        _ = restart()
        return "defined"
    }

    private mutating func move(to time: Timestamp) throws(ScenarioProblem) -> String {
        guard time >= now else { throw ScenarioProblem("the clock does not go back") }
        now = time
        board.tick(at: now)
        return effects()
    }

    /// The process dies and comes back: meters are made from what was booked.
    private mutating func restart() -> String {
        var next = MeterBoard(budgets, zone: zone)
        next.adjustments = board.adjustments
        next.suspensions = board.suspensions
        for entry in ledger {
            next.post(entry.actual, of: entry.subject, eventAt: entry.at, at: now)
        }
        _ = next.takeEffects()
        board = next
        calls = [:]
        return "restarted"
    }

    // MARK: - Calls

    private mutating func reserve(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let name = try words.name()
        let request = BudgetRequest(try CallSubject(scenario: words.tags()), at: now, most: try words.consumption())
        guard calls[name] == nil else { throw ScenarioProblem("the call '\(name)' is in flight already") }
        let decision = board.reserve(request, at: now)
        if case .admitted(let number, _, _) = decision { calls[name] = (number, request) }
        return try words.expect(decision.word, otherwise: "admitted")
    }

    private mutating func settle(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let name = try words.name()
        guard let call = calls.removeValue(forKey: name) else { throw .notInFlight(name) }
        let actual = try words.consumption()
        let id = EventID(source: "scenario", id: "\(steps)")
        board.settle(id, actual, reservation: call.number, isLast: true)
        ledger.append((actual, call.request.subject, call.request.at))
        board.commit(id, actual, of: call.request.subject, eventAt: call.request.at, at: now)
        return try words.expect(effects(hidesOverrun: !words.mentions("overrun")), otherwise: "")
    }

    private mutating func release(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let name = try words.name()
        guard let call = calls.removeValue(forKey: name) else { throw .notInFlight(name) }
        board.release(reservation: call.number)
        return try words.expect(effects(), otherwise: "")
    }

    private mutating func flow(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let name = try words.name()
        guard let call = calls[name] else { throw .notInFlight(name) }
        let refusal = board.flow(call.number, estimate: try words.consumption(), at: now)
        return try words.expect(refusal == nil ? "goes on" : "cut", otherwise: "goes on")
    }

    /// Something the gateway did not see: telemetry, an import, a correction.
    private mutating func book(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let subject = try CallSubject(scenario: words.tags())
        let at = try words.optionalTime("on") ?? now
        let actual = try words.consumption()
        ledger.append((actual, subject, at))
        board.post(actual, of: subject, eventAt: at, at: now)
        return try words.expect(effects(), otherwise: "")
    }

    // MARK: - People

    private mutating func adjust(_ verb: String, _ words: inout StepWords) throws(ScenarioProblem) -> String {
        let budget = try words.name()
        let until = try words.optionalTime("until") ?? now.advanced(bySeconds: 86_400)
        guard let unit = budgets.first(where: { $0.name == budget })?.limit.unit else {
            throw ScenarioProblem("there is no budget '\(budget)'")
        }
        let amount = try words.consumption().amount(in: unit)
        board.adjustments.append(
            Adjustment(
                id: "\(steps)",
                budget: budget,
                change: verb == "grant" ? .grant(amount) : .override(amount),
                from: now,
                until: until,
                by: "scenario",
                reason: verb
            )
        )
        board.forgetLimits()
        board.tick(at: now)
        return try words.expect(effects(), otherwise: "")
    }

    private mutating func approve(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let budget = try words.name()
        let tags = try words.tags()
        let isOnce = words.take("once")
        let until = try words.optionalTime("until") ?? now.advanced(bySeconds: 86_400)
        let amount = words.isAtAmount ? try words.consumption().cost.picodollars : nil
        board.allowances.add(
            Allowance(
                id: "\(steps)",
                scope: Scope(tags.map { Scope.Condition($0.dimension, [ValuePattern($0.value)]) }),
                subjects: [budget],
                amount: amount,
                until: until,
                isOnce: isOnce
            )
        )
        return "approved"
    }

    private mutating func suspend(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let conditions = try words.tags().map { Scope.Condition($0.dimension, [ValuePattern($0.value)]) }
        board.suspensions.append(
            Suspension(id: "\(steps)", scope: Scope(conditions), reason: "scenario", by: "scenario", at: now)
        )
        return "suspended"
    }

    private mutating func resume() -> String {
        board.suspensions = []
        return "resumed"
    }

    // MARK: - Looking

    private mutating func check(_ words: inout StepWords) throws(ScenarioProblem) -> String {
        let tags = try words.tags()
        let name = words.isAtFigure ? budgets.first?.name ?? "" : try words.name()
        board.tick(at: now)
        let meter = board.status(at: now).first { $0.budget.name == name && tags.allSatisfy($0.group.contains) }
        guard let meter else { throw ScenarioProblem("there is no such meter") }
        let unit = meter.budget.limit.unit
        while let figure = words.next() {
            let wanted = try words.consumption(unit: unit).amount(in: unit)
            let found: Int128
            switch figure {
            case "posted": found = meter.posted
            case "reserved": found = meter.reserved
            case "limit": found = meter.limit
            case "left": found = meter.limit - meter.posted - meter.reserved
            case "forecast": found = meter.forecast
            default: throw ScenarioProblem("'\(figure)' is none of posted, reserved, limit, left and forecast")
            }
            guard found == wanted else { throw ScenarioProblem("\(figure) is \(unit.text(found))") }
        }
        return "as expected"
    }

    private mutating func effects(hidesOverrun: Bool = true) -> String {
        board.takeEffects().flatMap { $0.words(of: budgets) }
            .filter { !hidesOverrun || !$0.hasPrefix("overrun") }.joined(separator: ", ")
    }
}

extension CallSubject {
    /// A call with these tags; provider, model and the like may be among them.
    fileprivate init(scenario tags: TagSet) {
        var service = ServiceUse(provider: tags[.provider] ?? "sandbox", api: tags[.api] ?? "chat.completions")
        service.model = tags[.model]
        service.upstream = tags[.upstream]
        let workspace = tags[.workspace] ?? Workspace.defaultName
        self.init(
            service: service,
            attribution: Attribution(workspace: workspace, key: tags[.key], effective: tags)
        )
    }
}

extension BudgetDecision {
    fileprivate var word: String {
        switch self {
        case .admitted: "admitted"
        case .refused: "refused"
        case .needsApproval: "approval"
        case .throttled: "throttled"
        case .suspended: "suspended"
        case .unwatchable: "unwatchable"
        }
    }
}

extension BudgetEffect {
    /// `announce 80%`, and what is put in force with it.
    fileprivate func words(of budgets: [Budget]) -> [String] {
        guard let budget = budgets.first(where: { $0.name == self.budget }) else { return [] }
        if case .overrun(let amount) = kind { return ["overrun \(budget.limit.unit.text(amount))"] }
        guard budget.thresholds.indices.contains(threshold) else { return [] }
        let rule = budget.thresholds[threshold]
        guard kind == .reached else { return ["below \(rule.percent)%"] }
        let announcement = rule.basis == .forecast ? "forecast \(rule.percent)%" : "announce \(rule.percent)%"
        return [announcement] + rule.actions.compactMap(\.scenarioWord)
    }
}

extension Threshold.Action {
    /// A block that is reached closes the budget, as a suspension of its scope would: one word for both.
    fileprivate var scenarioWord: String? {
        switch self {
        case .notify: nil
        case .throttle: "throttle"
        case .requireApproval: "require approval"
        case .block, .suspend: "suspend"
        case .downgrade: "downgrade"
        }
    }
}
