package import OutlayCore
import Synchronization

/// The ledger as a plain list of events: slow, obvious, and what every store is compared with.
package final class MemoryLedger: Ledger {
    private let booked = Mutex<[CostEvent]>([])

    package init() {}

    package func append(_ events: [CostEvent]) async throws(LedgerError) -> AppendResult {
        booked.withLock { booked in
            var result = AppendResult()
            for event in events {
                guard let first = booked.first(where: { $0.id == event.id }) else {
                    booked.append(event)
                    result.new += 1
                    continue
                }
                result.skipped.insert(result.new + result.duplicates)
                result.duplicates += 1
                if first != event.with({ $0.receivedAt = first.receivedAt }) { result.conflicts += 1 }
            }
            return result
        }
    }

    package func spend(_ query: SpendQuery) async throws(LedgerError) -> SpendTable {
        struct Group: Hashable {
            let bucket: Int
            let key: [String?]
        }
        var groups: [Group: SpendSum] = [:]
        for event in booked.withLock({ $0 }) where query.filters.allSatisfy({ $0.matches(event) }) {
            for (bucket, span) in query.buckets.enumerated() where span.contains(event.at) {
                let key = query.by.map { event.value(of: $0) }
                groups[Group(bucket: bucket, key: key), default: SpendSum()] += Contribution(of: event)
            }
        }
        let rows = groups.map { SpendRow(key: $0.key.key, bucket: $0.key.bucket, sum: $0.value) }
        return SpendTable(query: query, sums: rows)
    }

    package func history(of id: String) async throws(LedgerError) -> [CostEvent] {
        let all = booked.withLock { $0 }
        let call = CallID(id)
        var found = Set(
            all.filter { $0.id.id == id || $0.links.responseID == id || (call != nil && $0.links.call == call) }.map(
                \.id
            )
        )
        let calls = Set(call == nil ? [] : all.filter { found.contains($0.id) }.compactMap(\.links.call))
        found.formUnion(all.filter { $0.links.call.map(calls.contains) ?? false }.map(\.id))
        var countBefore = -1
        while countBefore != found.count {
            countBefore = found.count
            for event in all {
                if let target = event.kind.target, found.contains(target) { found.insert(event.id) }
            }
        }
        return all.filter { found.contains($0.id) }
    }

    package func events(
        in span: Range<Timestamp>,
        after: Int64,
        limit: Int
    ) async throws(LedgerError) -> [RecordedEvent] {
        let all = booked.withLock { $0 }
        let reversed = Set(all.compactMap { if case .reversal(let target) = $0.kind { target } else { nil } })
        let rows = all.enumerated().map { index, event in
            RecordedEvent(sequence: Int64(index + 1), event: event, isReversed: reversed.contains(event.id))
        }
        return Array(rows.filter { $0.sequence > after && span.contains($0.event.at) }.prefix(max(0, limit)))
    }

    package func verify() async throws(LedgerError) -> Verification {
        let all = booked.withLock { $0 }
        let effective = all.reduce(Money.zero) { $0 + Contribution(of: $1).effective }
        return Verification(events: Int64(all.count), effective: effective, differences: [], chainHead: "")
    }
}

extension SpendQuery.Filter {
    fileprivate func matches(_ event: CostEvent) -> Bool {
        values.contains(event.value(of: dimension))
    }
}

extension CostEvent.Kind {
    fileprivate var target: EventID? {
        switch self {
        case .call: nil
        case .reversal(let target), .replacement(let target): target
        }
    }
}
