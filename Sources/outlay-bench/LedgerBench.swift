internal import ArgumentParser
internal import Foundation
internal import OutlayCore
internal import OutlaySQLite

struct LedgerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Append events in batches: CPU per event with all indexes, the hash chain and the sums."
    )

    @Option(help: "How many events.") var events = 200_000
    @Option(help: "Events per transaction.") var batch = 256

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "outlay-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = try SQLiteLedger(path: folder.appending(path: "ledger.sqlite").path)
        let traffic = Traffic()
        var made: [[CostEvent]] = []
        for first in stride(from: 0, to: events, by: batch) {
            made.append((first..<min(first + batch, events)).map(traffic.event))
        }
        let (cpu, clock) = (cpuSeconds(), ContinuousClock.now)
        for events in made { _ = try await ledger.append(events) }
        let wall = (ContinuousClock.now - clock) / .microseconds(1)
        report("ledger_cpu_per_event", (cpuSeconds() - cpu) / Double(events) * 1e6, "us")
        report("ledger_wall_per_event", wall / Double(events), "us")
        let found = try await ledger.verify()
        report("ledger_differences", Double(found.differences.count), "")
    }
}
