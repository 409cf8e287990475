import OutlayCore
import OutlayWire
import Testing

/// Counters that real emitters sent.
@Suite struct RecordedCounterTests {
    /// The newest value of each role, summed over groups.
    private func totals(_ folder: String) throws -> [CounterReading.Role: Int64] {
        var newest: [String: CounterReading] = [:]
        for point in try FolderReading(folder).points {
            let key = "\(point.reading.group) \(point.reading.role) \(point.reading.start)"
            if let known = newest[key], known.time > point.reading.time { continue }
            newest[key] = point.reading
        }
        return Dictionary(newest.values.map { ($0.role, $0.value) }, uniquingKeysWith: +)
    }

    @Test(
        arguments: [
            ("claude-code", [.input: 211, .output: 59, .cacheRead: 1009, .cacheWrite: 307, .cost: 3_435_450_000]),
            ("codex", [.inputWithCache: 1207, .output: 53, .cacheRead: 1024, .cacheWrite: 0]),
            ("dual-instrumented", [.inputWithCache: 4581, .output: 177]),
            ("openlit", [.input: 633, .inputWithCache: 7285, .output: 519, .cost: 10_576_110_000]),
            ("openllmetry", [.inputWithCache: 7018, .output: 285]),
            ("otel-genai", [.inputWithCache: 9432, .output: 389]),
            ("pydantic-ai", [.inputWithCache: 5468, .output: 224, .cost: 7_143_000_000]),
            (
                "synthetic-gemini-cli",
                [.inputWithCache: 1213, .cacheRead: 1031, .output: 61, .reasoning: 19, .input: 0]
            ),
            (
                "synthetic-openclaw",
                [.input: 788, .cacheRead: 4066, .cacheWrite: 614, .output: 224, .cost: 6_216_000_000]
            ),
        ] as [(String, [CounterReading.Role: Int64])]
    )
    func `counters come to their totals, repeated kinds left out`(
        _ row: (folder: String, totals: [CounterReading.Role: Int64])
    ) throws {
        #expect(try totals(row.folder) == row.totals)
    }

    @Test(arguments: ["claude-code", "codex", "openlit", "pydantic-ai", "synthetic-openclaw"])
    func `the tokens of one export and their cost share a group`(_ folder: String) throws {
        let points = try FolderReading(folder).points
        let exports = Dictionary(grouping: points) { "\($0.reading.group) \($0.reading.time)" }
        #expect(!exports.isEmpty)
        for export in exports.values {
            let roles = export.map(\.reading.role)
            #expect(Set(roles).count == roles.count)
            #expect(roles.contains(.input) || roles.contains(.inputWithCache))
            #expect(folder == "codex" || roles.contains(.cost))
            #expect(Set(export.map(\.group)).count == 1)
        }
    }

    @Test func `OpenClaw is believed by its counters, everybody else by single calls`() throws {
        let openClaw = try FolderReading("synthetic-openclaw").points
        #expect(Set(openClaw.map(\.group.authority)) == [.leading])
        #expect(
            Set(openClaw.map(\.group.claims.first)) == [
                TelemetryClaim(.agent, "writer", reach: .record, attribute: "openclaw.agent"),
                TelemetryClaim(.agent, "helper", reach: .record, attribute: "openclaw.agent"),
            ]
        )
        #expect(Set(try FolderReading("openlit").points.map(\.group.authority)) == [.counter])
    }

    @Test func `a histogram of calls counts them, one of turns does not`() throws {
        #expect(Set(try FolderReading("dual-instrumented").points.map(\.reading.calls)) == [3])
        #expect(Set(try FolderReading("codex").points.map(\.reading.calls)) == [nil])
    }
}
