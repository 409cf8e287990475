internal import ArgumentParser
internal import Foundation
internal import OutlayCore
internal import OutlayIngest
internal import OutlaySQLite
internal import OutlayWire

struct TelemetryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry",
        abstract: "Book spans from their bytes to the commit: each a new call of its own trace, or counters of agents."
    )

    @Option(help: "How many spans, and as many points.") var records = 100_000
    @Option(help: "Records per request.") var batch = 500
    @Option(help: "Requests under way at once.") var senders = 4

    func run() async throws {
        let traffic = OTLPTraffic()
        let parts = stride(from: 0, to: records, by: batch).map { $0..<min($0 + batch, records) }
        try await measure("telemetry", parts, traffic)
    }

    private func measure(_ name: String, _ parts: [Range<Int>], _ traffic: OTLPTraffic) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "outlay-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = try SQLiteLedger(path: folder.appending(path: "ledger.sqlite").path)
        let pricing = PriceBook(try PriceBookJSON.read(EmbeddedBook.json))
        let rules = TelemetryRules(Resources(), pricing: pricing, form: { $0 })
        let key = KeyRules(name: "bench", tags: [.team: "platform"])
        let now = Timestamp(seconds: 1_795_226_000)
        let desk = TelemetryDesk(ledger: ledger, now: { now }, terms: { TelemetryTerms(rules: rules) { _ in key } })
        let terms = TelemetryReadingTerms(profiles: TelemetryProfiles(), spellings: Spellings())
        let reception = TelemetryReception(desk: desk) { terms }
        // Making the requests takes as long as reading them: it is measured alone first and taken off.
        let made = cpuSeconds()
        for part in parts { _ = traffic.spans(part).protobuf().count }
        let making = cpuSeconds() - made
        let (cpu, clock) = (cpuSeconds(), ContinuousClock.now)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<senders {
                group.addTask {
                    for index in stride(from: sender, to: parts.count, by: senders) {
                        let body = traffic.spans(parts[index]).protobuf()
                        _ = try await reception.take(body, signal: .traces, encoding: .protobuf, key: key)
                    }
                }
            }
            try await group.waitForAll()
        }
        let wall = (ContinuousClock.now - clock) / .seconds(1)
        report("\(name)_events_per_s", Double(records) / wall, "per_s")
        report("\(name)_cpu_per_event", (cpuSeconds() - cpu - making) / Double(records) * 1e6, "us")
        let found = try await ledger.verify()
        report("\(name)_events", Double(found.events), "")
        report("\(name)_differences", Double(found.differences.count), "")
        report("\(name)_peak_memory", Self.peakMegabytes, "MB")
    }

    /// The most memory this process has held.
    private static var peakMegabytes: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
