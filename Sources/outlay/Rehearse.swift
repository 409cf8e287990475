internal import ArgumentParser
internal import Foundation
internal import OutlayApp

struct Rehearse: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a story about budgets and see what they would do.",
        discussion: """
            A scenario is plain text, one step per line:
              budget 100.00 block notify 50,80
              reserve a 60.00        admitted
              settle  a 55.00        announce 50%
              reserve b 50.00        refused

            Prints each step with its outcome. Ends with 1 when a step went otherwise than its line says.
            """
    )

    @Argument(help: "Scenario files.") var files: [String]
    @Flag(help: "Print failures only.") var quiet = false

    func run() throws {
        var failures: [String] = []
        for file in files {
            let rehearsal = try Rehearsal(file: file)
            if !quiet {
                if files.count > 1 { print("\(file):") }
                var table = TextTable(columns: [.init("step"), .init("outcome")])
                table.rows = rehearsal.steps.map { [$0.step, $0.outcome] }
                print(table.terminal, terminator: "")
            }
            failures += rehearsal.failures
        }
        for failure in failures { FileHandle.standardError.write(Data((failure + "\n").utf8)) }
        guard failures.isEmpty else { throw ExitCode(Exit.error) }
    }
}
