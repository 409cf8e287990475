import Foundation
import OutlayCore
import Synchronization

@testable import OutlayJournal

/// A folder of its own that vanishes with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.path + "/outlay-journal-\(UUID().uuidString)"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// What a later process would find.
    func recovery() throws -> Recovery {
        try Journal.recover(directory: path)
    }
}

extension JournalLimits {
    /// As small as they may be.
    static let small = JournalLimits(segmentBytes: 1 << 20, segmentsPerLane: 3, callsPerLane: 4096)
}

extension Journal {
    static func open(_ folder: TemporaryFolder, lanes: Int = 1, limits: JournalLimits = .small) throws -> Journal {
        try Journal(directory: folder.path, lanes: lanes, limits: limits, gather: .zero)
    }
}

extension CallIntent {
    static func call(_ name: String) -> CallIntent {
        CallIntent(
            id: EventID(source: "gateway", id: name),
            at: Timestamp(seconds: 1_790_000_000),
            service: ServiceUse(provider: "openai", api: "chat.completions", upstream: "openai", requestedModel: "m"),
            attribution: Attribution(workspace: "default", key: "ci", effective: [.team: "growth"]),
            links: CallLinks(),
            isStream: true
        )
    }

    /// The settlement of this call: `tokens` of output at $2 per million, with `raw` usage.
    func settled(tokens: Int64 = 10, raw: String? = nil) -> CostEvent {
        CostEvent(
            id: id,
            at: at,
            receivedAt: at.advanced(bySeconds: 1),
            service: service,
            attribution: attribution,
            metering: Metering(parts: [UsagePart(usage: [.output: tokens])], quality: .exact, raw: raw),
            rating: Rating(
                lines: [
                    CostLine(unit: .output, model: "m", quantity: tokens, listRate: Rate(picodollars: 2_000_000))
                ],
                state: .rated,
                version: "1"
            )
        )
    }
}

/// Counts from any thread.
final class Tally: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
