internal import ArgumentParser
internal import Foundation
internal import OutlayCore
internal import OutlaySQLite

struct SpendBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spend",
        abstract: "Ask for a year's spend by team and model of a ledger of many events.",
        discussion: "The ledger is made at the first run and kept, so that asking again is quick to measure."
    )

    @Option(help: "How many events the ledger holds.") var events = 10_000_000
    @Option(help: "The folder of the ledger; made where there is none.") var data = ".build/bench-ledger"

    func run() async throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let ledger = try SQLiteLedger(path: data + "/ledger-\(events).sqlite")
        try await fill(ledger)
        let year = Traffic.start..<Traffic.start.advanced(bySeconds: 366 * 86_400)
        for (name, dimensions) in [("team_model", [Dimension.team, .model]), ("customer", [.customer])] {
            var times: [Double] = []
            var calls: Int64 = 0
            for _ in 0..<7 {
                let clock = ContinuousClock.now
                calls = try await ledger.spend(SpendQuery(by: dimensions, buckets: [year])).total.calls
                times.append((ContinuousClock.now - clock) / .milliseconds(1))
            }
            report("spend_by_\(name)", times.sorted()[times.count / 2], "ms")
            report("spend_calls", Double(calls), "")
        }
    }

    private func fill(_ ledger: SQLiteLedger) async throws {
        let all = Traffic.start..<Traffic.start.advanced(bySeconds: 366 * 86_400)
        let present = Int(try await ledger.spend(SpendQuery(by: [], buckets: [all])).total.calls)
        let traffic = Traffic()
        let size = 5000
        for first in stride(from: present, to: events, by: size) {
            _ = try await ledger.append((first..<min(first + size, events)).map(traffic.event))
            if first % 500_000 < size { print("\(first) of \(events) events") }
        }
    }
}
