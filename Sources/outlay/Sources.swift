internal import ArgumentParser
internal import OutlayApp
internal import OutlayWire

struct Sources: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show where telemetry comes from, and what became of it.",
        discussion: """
            One line for each key and emitter: when it was last heard, how many records were taken, came twice, wait for a \
            better signal or were refused and why, and how many calls said nothing of their usage.

            Examples:
              outlay sources
              outlay sources --flush      book now what waits for a better signal
            """
    )

    @Flag(help: "End all waiting first: what no better signal explains is booked.") var flush = false
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var server: ServerOptions

    private struct Nothing: Encodable {}

    func run() async throws {
        let sources: [SourceAnswer] = try await server.withAPI { api in
            flush ? try await api.post("sources/flush", Nothing()) : try await api.get("sources")
        }
        guard !json else { return print(try JSONText.pretty(sources), terminator: "") }
        guard !sources.isEmpty else { return print("no telemetry yet: see docs/guide/otlp.md for how agents send it") }
        var table = TextTable(columns: [
            .init("key"), .init("emitter"), .init("last seen"), .init("accepted", .right), .init("twice", .right),
            .init("held", .right), .init("calls", .right), .init("unmetered", .right), .init("refused"),
        ])
        table.rows = sources.map(\.cells)
        print(table.terminal, terminator: "")
    }
}

extension SourceAnswer {
    fileprivate var cells: [String] {
        let refused = rejected.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return [
            key, emitter, lastSeen, "\(accepted)", "\(duplicates)", "\(held)", "\(calls)",
            "\(Int((unmeteredShare * 100).rounded())) %", refused,
        ]
    }
}
