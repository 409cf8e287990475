internal import ArgumentParser
internal import OutlayApp
internal import OutlayCore
internal import OutlayWire

struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget",
        abstract: "Budgets and what is left of them; grants, overrides, increases, sign-offs.",
        discussion: """
            Examples:
              outlay budget set growth-monthly --limit "5000 USD" --scope team=growth \\
                --at "80 notify: owner" --at "100 block"
              outlay budget list
              outlay budget grant growth-monthly --amount "500 USD" --until 7d \\
                --reason "launch week"
              outlay budget increase growth-monthly --amount "2000 USD" --until 2026-12 \\
                --reason "the campaign"

            A budget that a configuration file keeps is changed there; an approved increase then says what to write.
            """,
        subcommands: [
            List.self, Show.self, Set.self, Remove.self, Grant.self, Override.self, Increase.self, SignOff.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the budgets with what was spent and is left.")

        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let budgets: [BudgetAnswer] = try await server.withAPI { try await $0.get("budgets") }
            print(try TextTable.text(of: budgets, as: format, table: \.table), terminator: "")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one budget: its rule, meters and grants.")

        @Argument(help: "The budget's name.") var name: String
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let path = "budgets/\(name.addingURLPathEscapes)"
            let budget: BudgetAnswer = try await server.withAPI { try await $0.get(path) }
            switch format {
            case .json: return print(try JSONText.pretty(budget), terminator: "")
            case .jsonl: return print(try JSONText.line(budget))
            case .csv, .markdown: return print([budget].table.text(as: format), terminator: "")
            case .table: print([budget].table.terminal, terminator: "")
            }
            for step in budget.rule.at ?? [] {
                let actions = (step.do ?? []).joined(separator: ", ")
                print("at \(step.percent) % of \(step.on?.rawValue ?? "actual"): \(actions)")
            }
            for grant in budget.meters.flatMap(\.grants) {
                let what = grant.isOverride ? "override" : "grant"
                print("\(what) \(grant.amount) until \(grant.until) by \(grant.by): \(grant.reason)")
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a budget, or replace its rule.",
            discussion: """
                Without --enforcement it is hard, and soft for environment=production. Thresholds: \
                --at "80 notify: owner", --at "90 throttle: 30/min", --at "100 require_approval", \
                "forecast 100 notify: lead"; actions are notify, throttle, require_approval, block, suspend and downgrade.
                """
        )

        @Argument(help: "The budget's name.") var name: String
        @Option(help: "5000 USD, 1000000 tokens or 300 calls; a bare figure is dollars.") var limit: String
        @Option(help: "Whose calls count, team=growth. May be given several times.") var scope: [String] = []
        @Option(help: "One budget for each value of these dimensions, separated by commas.") var groupBy: String?
        @Option(help: "hour, day, week, month, quarter, year, run, call or 'rolling 30 days'.") var period = "month"
        @Option(help: "The time zone of its days, as an IANA name.") var zone = "UTC"
        @Option(help: "hard or soft.") var enforcement: String?
        @Option(help: "A threshold and what it does. May be given several times.") var at: [String] = []
        @Option(help: "Said in refusals.") var message: String?
        @Option(help: "text or json.") var format = "text"
        @OptionGroup var server: ServerOptions

        func run() async throws {
            guard let limit = BudgetLimit(text: limit) else {
                throw ValidationError(
                    "'\(limit)' is no limit: write \"5000 USD\", \"1000000 tokens\" or \"300 calls\"."
                )
            }
            var form = BudgetForm(name: name, limit: limit)
            form.scope = try TagArguments.scope(scope)
            form.groupBy = groupBy?.split(separator: ",").map(String.init)
            form.period = period
            form.zone = zone
            form.enforcement = enforcement
            form.message = message
            form.at = try at.map(Self.step)
            let body = form
            let path = "budgets/\(name.addingURLPathEscapes)"
            let budget: BudgetAnswer = try await server.withAPI {
                try await $0.put(path, body)
                return try await $0.get(path)
            }
            print(
                try format == "json" ? JSONText.pretty(budget) : "set \(name): \(budget.rule.limit)\n",
                terminator: ""
            )
        }

        private static func step(_ text: String) throws -> BudgetForm.Step {
            var words = text.split(separator: " ")
            let isForecast = words.first == "forecast"
            if isForecast { words.removeFirst() }
            guard let percent = words.first.flatMap({ Int($0) }) else {
                throw ValidationError("'\(text)' is no threshold: write \"80 notify: owner\".")
            }
            let action = words.dropFirst().joined(separator: " ")
            var step = BudgetForm.Step(percent: percent, do: action.isEmpty ? [] : [action])
            step.on = isForecast ? .forecast : .actual
            return step
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a budget that was set by command.")

        @Argument(help: "The budget's name.") var name: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let path = "budgets/\(name.addingURLPathEscapes)"
            try await server.withAPI { try await $0.delete(path) }
            print("removed \(name)")
        }
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add to a budget's limit for a while.")

        @Argument(help: "The budget's name.") var name: String
        @OptionGroup var wanted: AdjustmentOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await wanted.send(to: "grants", of: name, server: server)
        }
    }

    struct Override: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put another limit in a budget's place for a while.")

        @Argument(help: "The budget's name.") var name: String
        @OptionGroup var wanted: AdjustmentOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await wanted.send(to: "overrides", of: name, server: server)
        }
    }

    struct Increase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask an approver to raise a budget's limit for a while.",
            discussion: "Somebody else approves it: outlay approvals approve ID."
        )

        @Argument(help: "The budget's name.") var name: String
        @OptionGroup var wanted: AdjustmentOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let body = wanted.request
            let path = "budgets/\(name.addingURLPathEscapes)/increases"
            let made: ApprovalAnswer = try await server.withAPI { try await $0.post(path, body) }
            print(try wanted.format == .json ? JSONText.pretty(made) : "asked: \(made.id)\n", terminator: "")
        }
    }

    struct SignOff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let critical calls pass a budget's limit, up to its second one."
        )

        @Argument(help: "The budget's name.") var name: String
        @Option(help: "When it ends: 7d, 2026-12, an instant; without it, never.") var until: String?
        @Option(help: "Why.") var reason: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let body = SignOffRequest(until: until, reason: reason)
            let path = "budgets/\(name.addingURLPathEscapes)/sign-off"
            try await server.withAPI { try await $0.post(path, body) }
            print("signed off \(name)")
        }
    }
}

/// A change of a limit: how much, until when, why.
struct AdjustmentOptions: ParsableArguments {
    @Option(help: "500 USD, 1000000 tokens or 300 calls; a bare figure is dollars.") var amount: String
    @Option(help: "When it ends: 24h, 7d, 2026-12-24 or 2026-12 (included), an instant.") var until: String
    @Option(help: "Why.") var reason: String
    @Option(help: "Only for this group: its values, separated by commas.") var group: String?
    @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table

    var request: AdjustmentRequest {
        AdjustmentRequest(
            amount: amount,
            until: until,
            reason: reason,
            group: group?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        )
    }

    func send(to kind: String, of budget: String, server: ServerOptions) async throws {
        let body = request
        let path = "budgets/\(budget.addingURLPathEscapes)/\(kind)"
        let made: AdjustmentForm = try await server.withAPI { try await $0.post(path, body) }
        switch format {
        case .json: print(try JSONText.pretty(made), terminator: "")
        case .jsonl: print(try JSONText.line(made))
        case .table: print("\(made.id): \(made.amount) until \(made.until)")
        case .csv, .markdown:
            var table = TextTable(columns: [.init("id"), .init("amount"), .init("until")])
            table.rows = [[made.id, "\(made.amount)", "\(made.until)"]]
            print(table.text(as: format), terminator: "")
        }
    }
}

enum TagArguments {
    /// `team=growth`, `environment=!production`; several of one dimension are alternatives.
    static func scope(_ texts: [String]) throws -> Scope {
        var values: [String: [String]] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw ValidationError("'\(text)' is no condition: write team=growth.") }
            values[parts[0], default: []] += parts[1].split(separator: ",", omittingEmptySubsequences: false)
                .map(String.init)
        }
        guard let scope = Scope(values: values) else { throw ValidationError("A name is no dimension.") }
        return scope
    }
}

extension [BudgetAnswer] {
    fileprivate var table: TextTable {
        var table = TextTable(
            columns: [.init("budget"), .init("for"), .init("period")]
                + ["limit", "spent", "reserved", "left", "forecast"].map { .init($0, .right) } + [.init("until")]
        )
        for budget in self {
            let period = budget.rule.period ?? "month"
            let isRolling = period.hasPrefix("rolling")
            for meter in budget.meters {
                let group = meter.group.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                table.rows.append([
                    budget.name, group.joined(separator: " "), period, "\(meter.limit) \(meter.unit)", meter.posted,
                    meter.reserved, meter.left, meter.forecast, isRolling ? "" : meter.to ?? "",
                ])
            }
            if budget.meters.isEmpty {
                table.rows.append([budget.name, "", period, "\(budget.rule.limit)", "", "", "", "", ""])
            }
        }
        return table
    }
}
