internal import OutlayCore
internal import Synchronization

/// What earlier calls leave to later ones of the same trace or task: tags, and the call that is retried.
///
/// Bounded in number and age; the oldest go first. Keys never see each other's entries.
final class RecentCalls: Sendable {
    static let countMax = 100_000
    static let ageMaxSeconds: Int64 = 3600

    struct Name: Hashable {
        var key: String
        /// A trace id, a trace and span id, or the caller's own request id.
        var text: String
    }

    struct Entry {
        var call: CallID
        var tags: TagSet
        var at: Timestamp
    }

    private struct Table {
        var entries: [Name: Entry] = [:]
        /// Names in the order of their entries; those before `head` are gone.
        var order: [Name] = []
        var head = 0
    }

    private let table = Mutex(Table())

    func find(_ name: Name, at now: Timestamp) -> Entry? {
        table.withLock { table in
            guard let entry = table.entries[name], now < entry.at.advanced(bySeconds: Self.ageMaxSeconds) else {
                return nil
            }
            return entry
        }
    }

    /// Remembers `entry` unless a living one has that name.
    func add(_ name: Name, _ entry: Entry) {
        table.withLock { table in
            if let old = table.entries[name], entry.at < old.at.advanced(bySeconds: Self.ageMaxSeconds) { return }
            if table.entries.updateValue(entry, forKey: name) == nil { table.order.append(name) }
            while table.entries.count > Self.countMax, table.head < table.order.count {
                table.entries[table.order[table.head]] = nil
                table.head += 1
            }
            if table.head > Self.countMax {
                table.order.removeFirst(table.head)
                table.head = 0
            }
        }
    }
}
