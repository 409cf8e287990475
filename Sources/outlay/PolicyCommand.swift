internal import ArgumentParser
internal import OutlayApp
internal import OutlayCore

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Try policies before they meet a call: test, show, explain.",
        subcommands: [Test.self, Show.self, Explain.self]
    )

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Play described calls against the policies and compare the verdicts.",
            discussion: """
                Example:
                  outlay policy test calls.policy --config outlay.yaml

                FILE is plain text. 'call' describes a call by NAME=VALUE: tags, workspace, key, provider, model, \
                upstream, api, region, at, estimated_cost, prompt_tokens, max_output_tokens; the lines below it say \
                what is expected:

                  # Production runs need a cost centre.
                  call team=growth environment=production model=gpt-5 estimated_cost=$0.50
                  expect deny by cost-tags
                  expect message Production runs require a cost_center.

                  call team=growth environment=production cost_center=4711
                  locked team=growth                   tags that the key locks
                  expect allow                         allow | deny | require_approval [by POLICY]
                  expect warning NAME                  or: no warning, shadow NAME, no shadow
                  expect tag purpose=batch             or: no tag purpose
                  expect reason hour is 14             a part of the explanation

                A file may bring policies of its own: lines 'policy NAME [hard|warn|shadow] [zone ZONE]', and below \
                'scope', 'require', 'allow', 'deny', 'warn', 'shadow', 'require_approval', 'set', 'message'. '---' \
                forgets them. Calls without 'at' are made on Friday, 20 November 2026, noon UTC.

                Ends with 0 when all verdicts are as expected, with 6 when not, with 3 for a bad configuration or file.
                """
        )

        @Argument(help: "The file with calls and expected verdicts.") var file: String
        @Option(help: "A YAML file or folder with the policies (OUTLAY_CONFIG).") var config: String?
        @Flag(help: "Say of every rule why it did or did not apply; without it, where a call is not as expected.")
        var verbose = false

        func run() throws {
            let trials = try OfflinePolicies(configuration: config).scenario(at: file).trials
            for trial in trials {
                let isGood = trial.failures.isEmpty
                print("\(isGood ? "ok  " : "FAIL")  \(file):\(trial.line)  \(trial.call)")
                print("      \(trial.explanation.verdict.summary)")
                for failure in trial.failures { print("      \(failure)") }
                if verbose || !isGood { print(trial.explanation.indented, terminator: "") }
            }
            let failed = trials.count { !$0.failures.isEmpty }
            print("\(trials.count) calls, \(failed == 0 ? "all as expected" : "\(failed) not as expected")")
            guard failed == 0 else { throw ExitCode(Exit.policy) }
        }
    }

    struct Show: ParsableCommand {
        enum Format: String, ExpressibleByArgument {
            case yaml, table
        }

        static let configuration = CommandConfiguration(
            abstract: "List the policies, as YAML that can be used again or as a table.",
            discussion: "Policies that were written in another product's shape come out in ours."
        )

        @Option(help: "A YAML file or folder with the policies (OUTLAY_CONFIG).") var config: String?
        @Option(help: "yaml or table.") var format = Format.yaml

        func run() throws {
            let offline = try OfflinePolicies(configuration: config)
            guard format == .table else { return print(offline.yaml, terminator: "") }
            var table = TextTable(columns: ["policy", "enforcement", "scope", "rule", "message"].map { .init($0) })
            table.rows = offline.policies.flatMap { policy in
                policy.rules.map { rule in
                    [
                        policy.name, policy.enforcement.rawValue, "\(policy.scope)", rule.title,
                        rule.message ?? "",
                    ]
                }
            }
            print(table.terminal, terminator: "")
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the policies make of one described call, and why.",
            discussion: """
                Example:
                  outlay policy explain --tag team=growth --tag environment=production --model gpt-5

                Further names for --tag: workspace, key, upstream, api, region, at, estimated_cost, prompt_tokens, \
                max_output_tokens. Ends with 0 when the call is allowed, with 6 when not.
                """
        )

        @Option(help: "NAME=VALUE. May be given several times.") var tag: [String] = []
        @Option(help: "The model that is asked for.") var model: String?
        @Option(help: "The provider.") var provider: String?
        @Option(help: "A YAML file or folder with the policies (OUTLAY_CONFIG).") var config: String?

        func run() throws {
            let own = [model.map { "model=\($0)" }, provider.map { "provider=\($0)" }].compactMap(\.self)
            let explanation = try OfflinePolicies(configuration: config).explain(tag + own)
            print(explanation.verdict.summary)
            for warning in explanation.verdict.warnings { print("warning by \(warning.policy): \(warning.message)") }
            for shadow in explanation.verdict.shadows {
                print("shadow by \(shadow.policy), would \(shadow.intended.name): \(shadow.message)")
            }
            for tag in explanation.verdict.tags { print("sets \(tag.dimension)=\(tag.value) by \(tag.policy)") }
            print(explanation.indented, terminator: "")
            guard explanation.verdict.outcome == .allow else { throw ExitCode(Exit.policy) }
        }
    }
}

extension PolicyExplanation {
    fileprivate var indented: String {
        lines.isEmpty ? "" : description.split(separator: "\n").map { "      \($0)\n" }.joined()
    }
}
