internal import OutlayCore
internal import OutlayWire
internal import Synchronization

/// What the turns of Codex cost, from the calls that named them; asked for some minutes after a turn.
///
/// Bounded in number and age, and in memory only: after a restart a turn is unknown, which its asker reads as not yet
/// priced. Keys never see each other's turns.
final class RecentTurns: Sendable {
    static let countMax = 20_000
    static let ageMaxSeconds: Int64 = 86_400
    /// A turn of more calls is never told.
    static let responsesMax = 2000

    struct Name: Hashable {
        var key: String
        var turn: String
    }

    fileprivate struct Entry {
        var cost: TurnCost
        var at: Timestamp
        /// Calls in progress.
        var open = 0
        /// Some call's cost is unknown, and so is the turn's.
        var isUnknown = false
    }

    private struct Table {
        var entries: [Name: Entry] = [:]
        /// Names in the order of their entries; those before `head` are gone.
        var order: [Name] = []
        var head = 0

        mutating func change(_ name: Name, at now: Timestamp, _ body: (inout Entry) -> Void) {
            let isNew = entries[name] == nil
            body(&entries[name, default: Entry(cost: TurnCost(turn: name.turn), at: now)])
            guard isNew else { return }
            order.append(name)
            while entries.count > RecentTurns.countMax, head < order.count {
                entries[order[head]] = nil
                head += 1
            }
            if head > RecentTurns.countMax {
                order.removeFirst(head)
                head = 0
            }
        }
    }

    private let table = Mutex(Table())

    /// A call of the turn is being forwarded.
    func begin(_ name: Name, at now: Timestamp, effort: String?) {
        table.withLock { table in
            table.change(name, at: now) { entry in
                entry.open += 1
                entry.cost.reasoningEffort = effort ?? entry.cost.reasoningEffort
            }
        }
    }

    /// The call is over, and what it was is added.
    func end(_ name: Name) {
        table.withLock { table in
            guard let open = table.entries[name]?.open, open > 0 else { return }
            table.entries[name]?.open = open - 1
        }
    }

    func add(_ event: CostEvent, to name: Name) {
        guard event.metering.quality != .unbilled else { return }
        table.withLock { table in
            table.change(name, at: event.at) { $0.add(event) }
        }
    }

    /// What the turn cost; `nil` while that is not known of every call of it.
    func cost(of name: Name, at now: Timestamp) -> TurnCost? {
        table.withLock { table in
            guard let entry = table.entries[name], now < entry.at.advanced(bySeconds: Self.ageMaxSeconds),
                entry.open == 0, !entry.isUnknown, entry.cost.eventCount > 0
            else { return nil }
            return entry.cost
        }
    }
}

extension RecentTurns.Entry {
    /// A response that is told again, as one in the background is, counts once.
    fileprivate mutating func add(_ event: CostEvent) {
        guard event.rating.state == .rated, let amount = event.rating.total else {
            isUnknown = true
            return
        }
        cost.model = event.service.model ?? cost.model
        let tiers = [event.service.context.serviceTier, event.service.context.speed]
        if tiers.contains("priority") || tiers.contains("fast") { cost.speed = "fast" }
        guard let id = event.links.responseID else {
            cost.rest = cost.rest + amount
            cost.eventCount += 1
            return
        }
        if let index = cost.responses.firstIndex(where: { $0.id == id }) {
            cost.responses[index].cost = amount
        } else if cost.responses.count < RecentTurns.responsesMax {
            cost.responses.append(TurnCost.Response(id: id, cost: amount))
            cost.eventCount += 1
        } else {
            isUnknown = true
        }
    }
}
