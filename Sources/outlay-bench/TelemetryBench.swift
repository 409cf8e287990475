internal import ArgumentParser
internal import Foundation
internal import OutlayCore
internal import OutlayIngest
internal import OutlaySQLite
internal import OutlayWire

struct TelemetryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry",
        abstract: "Book spans from their bytes to the commit, each a new call of a trace of its own."
    )

    @Option(help: "How many spans.") var records = 100_000
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
        // Neither the time in which requests are made nor the memory that many of them take is the product's.
        let bodies = try SavedBodies(parts.lazy.map { traffic.spans($0).protobuf() }, in: folder)
        let (before, clock) = (cpuSeconds(), ContinuousClock.now)
        try await send(bodies, to: reception, key: key)
        let wall = (ContinuousClock.now - clock) / .seconds(1)
        let cpu = cpuSeconds() - before
        report("\(name)_events_per_s", Double(records) / wall, "per_s")
        report("\(name)_cpu_per_event", cpu / Double(records) * 1e6, "us")
        let found = try await ledger.verify()
        report("\(name)_events", Double(found.events), "")
        report("\(name)_differences", Double(found.differences.count), "")
        report("\(name)_peak_memory", Self.peakMegabytes, "MB")
    }

    private func send(_ bodies: SavedBodies, to reception: TelemetryReception, key: KeyRules) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<senders {
                group.addTask {
                    for index in stride(from: sender, to: bodies.count, by: senders) {
                        let body = try bodies.body(index)
                        _ = try await reception.take(body, signal: .traces, encoding: .protobuf, key: key)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The most memory this process has held.
    private static var peakMegabytes: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}

/// Requests in a file, read one at a time like from a network.
private struct SavedBodies: Sendable {
    private let path: String
    private var starts: [UInt64] = [0]

    var count: Int { starts.count - 1 }

    init(_ bodies: some Sequence<[UInt8]>, in folder: URL) throws {
        path = folder.appending(path: "requests").path
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        for body in bodies {
            try file.write(contentsOf: body)
            starts.append(starts[starts.count - 1] + UInt64(body.count))
        }
    }

    func body(_ index: Int) throws -> [UInt8] {
        let (start, count) = (starts[index], Int(starts[index + 1] - starts[index]))
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            initialized = unsafe max(0, pread(file.fileDescriptor, bytes.baseAddress, count, off_t(start)))
        }
    }
}
