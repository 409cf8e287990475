package import OutlayCore
import Synchronization

/// What the make-believe provider charges: every metered call it saw, in order, with sums.
package final class Bill: Sendable {
    /// What became of a call, as the provider sees it.
    package enum State: String, Hashable, Sendable {
        case open
        case completed
        /// The sandbox broke the answer off, as told by a fault.
        case cut
        /// The caller left before the end.
        case clientGone = "client_gone"
    }

    /// One call.
    ///
    /// A cut answer is charged as far as it was generated; Google charges all of it.
    package struct Entry: Hashable, Sendable {
        package let number: Int
        package let provider: String
        package let api: String
        package let model: String
        package let responseID: String?
        package let clientRequestID: String?
        package internal(set) var usage: Usage
        package internal(set) var state: State
    }

    private struct Books {
        var entries: [Entry] = []
        var dropped = 0
        var lastNumber = 0
    }

    /// The most entries that are kept; the oldest go first, and are counted.
    package static let entriesMax = 200_000

    private let books = Mutex(Books())
    private let record: CallRecord?

    init(record: CallRecord? = nil) {
        self.record = record
    }

    package var entries: [Entry] { books.withLock { $0.entries } }

    /// All usage on the bill.
    package var total: Usage { Usage(entries.flatMap(\.usage.counts)) }

    package func reset() {
        books.withLock { books in
            books.entries = []
            books.dropped = 0
        }
    }

    /// The number of the next request.
    func nextNumber() -> Int {
        books.withLock { books in
            books.lastNumber += 1
            return books.lastNumber
        }
    }

    /// Writes the call down before anything of the answer is sent.
    func begin(_ charge: Charge, number: Int, clientRequestID: String?) {
        let entry = Entry(
            number: number,
            provider: charge.dialect.rawValue,
            api: charge.api,
            model: charge.model,
            responseID: charge.responseID,
            clientRequestID: clientRequestID,
            usage: charge.usage.units(of: charge.dialect),
            state: .open
        )
        books.withLock { books in
            if books.entries.count >= Self.entriesMax {
                books.entries.removeFirst(Self.entriesMax / 10)
                books.dropped += Self.entriesMax / 10
            }
            books.entries.append(entry)
        }
        record?.append(entry.json)
    }

    func end(_ charge: Charge, number: Int, state: State, generated: Int) {
        let isShort = state != .completed && charge.dialect != .google
        let usage = isShort ? charge.usage.cut(after: charge.usage.reasoning + generated) : charge.usage
        let ended = books.withLock { books -> Entry? in
            guard let index = books.entries.lastIndex(where: { $0.number == number }) else { return nil }
            books.entries[index].state = state
            books.entries[index].usage = usage.units(of: charge.dialect)
            return books.entries[index]
        }
        if let ended { record?.append(ended.json) }
    }

    /// `GET /sandbox/bill`; the single calls only when `isDetailed`.
    func json(isDetailed: Bool) -> JSON {
        let (entries, dropped) = books.withLock { ($0.entries, $0.dropped) }
        let models = Dictionary(grouping: entries) { "\($0.provider)/\($0.model)" }
        let byModel = models.sorted { $0.key < $1.key }.map { key, calls -> JSON in
            [
                "provider": .string(calls[0].provider), "model": .string(calls[0].model),
                "calls": .integer(calls.count), "usage": Self.json(Usage(calls.flatMap(\.usage.counts))),
            ]
        }
        return .present([
            "calls": .integer(entries.count), "dropped": .integer(dropped),
            "usage": Self.json(Usage(entries.flatMap(\.usage.counts))), "by_model": .array(byModel),
            "entries": isDetailed ? .array(entries.map(\.json)) : nil,
        ])
    }

    fileprivate static func json(_ usage: Usage) -> JSON {
        .object(usage.counts.map { JSON.Member(name: $0.unit.name, value: .integer(Int($0.count))) })
    }
}

extension Bill.Entry {
    fileprivate var json: JSON {
        .present([
            "number": .integer(number), "provider": .string(provider), "api": .string(api), "model": .string(model),
            "response_id": responseID.map { .string($0) }, "client_request_id": clientRequestID.map { .string($0) },
            "usage": Bill.json(usage), "state": .string(state.rawValue),
        ])
    }
}
