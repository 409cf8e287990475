import Foundation
import OutlayCore
import OutlayMeters
import OutlayTestKit
import Testing

/// Random steps, compared with an oracle that only adds lists up; `OUTLAY_STEPS` makes them a million.
@Suite struct MeterOracleTests {
    static let steps = ProcessInfo.processInfo.environment["OUTLAY_STEPS"].flatMap(Int.init) ?? 100_000

    @Test func `random steps diverge nowhere`() {
        var play = OraclePlay(seed: 20_261_121)
        for step in 0..<Self.steps {
            play.step()
            guard play.divergence == nil else { break }
            if step % 2000 == 0 { play.compareAll() }
        }
        #expect(play.divergence == nil)
        play.finish()
        #expect(play.divergence == nil)
        #expect(play.admitted > Self.steps / 20 && play.refused > Self.steps / 50, "both outcomes must occur")
        #expect(play.kills > 0)
        print("meters against the oracle: \(Self.steps) steps, seed 20261121, \(play.summary), 0 divergences")
    }
}

/// Draws steps and takes each with the board and with the oracle.
struct OraclePlay {
    private(set) var divergence: String?
    private(set) var admitted = 0
    private(set) var refused = 0
    private(set) var kills = 0
    private var random: SeededGenerator
    private var now = Timestamp(seconds: 1_793_491_200)
    private var board = MeterBoard(OraclePlay.budgets)
    private var oracle: MeterOracle
    private var numbers: [Int: UInt64] = [:]
    private var serial = 0

    private static let budgets = [
        Budget(name: "all", calendar: BudgetCalendar(.hour), limit: BudgetLimit(.dollars, 4000)),
        Budget(
            name: "growth",
            scope: [.team: "t1"],
            calendar: BudgetCalendar(.day),
            limit: BudgetLimit(.dollars, 9000)
        ),
        Budget(name: "team", groupBy: [.team], calendar: BudgetCalendar(.hour), limit: BudgetLimit(.dollars, 1500)),
        Budget(
            name: "agent",
            groupBy: [.team, .agent],
            calendar: BudgetCalendar(.hour),
            limit: BudgetLimit(.dollars, 700)
        ),
    ]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        oracle = MeterOracle(rules: [
            .init(limit: 4000, group: { _ in 0 }, windowSeconds: 3600),
            .init(limit: 9000, group: { $0.team == 1 ? 0 : nil }, windowSeconds: 86_400),
            .init(limit: 1500, group: { $0.team }, windowSeconds: 3600),
            .init(limit: 700, group: { $0.team * 10 + $0.agent }, windowSeconds: 3600),
        ])
    }

    var summary: String { "\(admitted) admitted, \(refused) refused, \(kills) kills" }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<38: reserve()
        case 38..<60: settle(isLast: true)
        case 60..<64: settle(isLast: false)
        case 64..<84: commit()
        case 84..<86: discard()
        case 86..<92: release()
        case 92..<97: wait()
        case 97, 98: book()
        default: if Int.random(in: 0..<20, using: &random) == 0 { kill() }
        }
    }

    // MARK: - Steps

    private func subject(_ call: MeterOracle.Call) -> CallSubject {
        let tags: TagSet = [.team: "t\(call.team)", .agent: "a\(call.agent)"]
        return CallSubject(
            service: ServiceUse(provider: "sandbox", api: "chat.completions"),
            attribution: Attribution(workspace: "default", effective: tags)
        )
    }

    private mutating func reserve() {
        let call = oracle.placed(
            MeterOracle.Call(
                at: now,
                team: Int.random(in: 0..<4, using: &random),
                agent: Int.random(in: 0..<3, using: &random),
                held: Int128(Int.random(in: 0...120, using: &random))
            )
        )
        let isExpected = oracle.admits(call)
        let request = BudgetRequest(subject(call), at: now, most: amount(call.held))
        switch board.reserve(request, at: now) {
        case .admitted(let number, _, _):
            guard isExpected else { return diverge("admitted a call that does not fit") }
            serial += 1
            numbers[serial] = number
            oracle.inFlight.append(call.named(serial))
            admitted += 1
        case .refused:
            if isExpected { diverge("refused a call that fits") }
            refused += 1
        default: diverge("neither admitted nor refused")
        }
    }

    private func amount(_ held: Int128) -> Consumption {
        Consumption(cost: Money(picodollars: held), tokens: 0)
    }

    /// One of `calls`; they are kept in the order they came, so that a seed repeats the choice.
    private mutating func any(_ calls: [MeterOracle.Call]) -> Int? {
        calls.indices.randomElement(using: &random)
    }

    private mutating func settle(isLast: Bool) {
        guard let index = any(oracle.inFlight) else { return }
        var call = oracle.inFlight[index]
        guard let number = numbers[call.id] else { return }
        let actual = Int128(Int.random(in: 0...Int(call.held), using: &random))
        serial += 1
        board.settle(event(serial), amount(actual), reservation: number, isLast: isLast)
        var ended = call.named(serial)
        ended.held = actual
        oracle.ended.append(ended)
        call.held -= actual
        if isLast { oracle.inFlight.remove(at: index) } else { oracle.inFlight[index] = call }
    }

    private func event(_ id: Int) -> EventID { EventID(source: "oracle", id: "\(id)") }

    /// The ledger's writer takes what has ended, in a group.
    private mutating func commit() {
        for call in oracle.ended.prefix(Int.random(in: 1...8, using: &random)) {
            let subject = subject(call)
            board.commit(event(call.id), amount(call.held), of: subject, eventAt: call.at, at: now)
            oracle.booked.append(call)
            oracle.ended.removeFirst()
        }
    }

    /// The ledger says that it had the event already.
    private mutating func discard() {
        guard let index = any(oracle.ended) else { return }
        board.discard(event(oracle.ended[index].id))
        oracle.ended.remove(at: index)
    }

    private mutating func release() {
        guard let index = any(oracle.inFlight), let number = numbers[oracle.inFlight[index].id] else { return }
        board.release(reservation: number)
        oracle.inFlight.remove(at: index)
    }

    private mutating func wait() {
        now = now.advanced(bySeconds: Int64.random(in: 0...900, using: &random))
        board.tick(at: now)
        oracle.forget(before: now)
    }

    /// Telemetry, an import or a correction: booked without asking.
    private mutating func book() {
        let cost = Int128(Int.random(in: -50...50, using: &random))
        let call = oracle.placed(MeterOracle.Call(at: now, team: 1, agent: 1, held: cost))
        let subject = subject(call)
        board.post(amount(call.held), of: subject, eventAt: now, at: now)
        oracle.booked.append(call)
    }

    /// The process dies: what had ended is in the journal, what was in flight is booked with all it may have cost.
    private mutating func kill() {
        kills += 1
        oracle.booked += oracle.ended + oracle.inFlight
        (oracle.ended, oracle.inFlight, numbers) = ([], [], [:])
        board = MeterBoard(Self.budgets)
        for call in oracle.booked {
            let subject = subject(call)
            board.post(amount(call.held), of: subject, eventAt: call.at, at: now)
        }
        compareAll()
    }

    // MARK: - Comparing

    mutating func compareAll() {
        for status in board.status(at: now) {
            guard let rule = Self.budgets.firstIndex(of: status.budget) else { continue }
            let tags = TagSet(status.group)
            let like = MeterOracle.Call(
                at: now,
                team: tags[.team].flatMap { Int($0.dropFirst()) } ?? 1,
                agent: tags[.agent].flatMap { Int($0.dropFirst()) } ?? 0,
                held: 0
            )
            let place = oracle.placed(like).places[rule]
            if status.posted != oracle.posted(rule, at: place) { diverge("posted of \(status.budget.name)") }
            if status.reserved != oracle.reserved(rule, at: place) { diverge("reserved of \(status.budget.name)") }
        }
    }

    /// Everything ends: nothing may stay reserved.
    mutating func finish() {
        while !oracle.inFlight.isEmpty { settle(isLast: true) }
        while !oracle.ended.isEmpty { commit() }
        for status in board.status(at: now) where status.reserved != 0 { diverge("reserved at rest") }
        compareAll()
    }

    private mutating func diverge(_ what: String) {
        if divergence == nil { divergence = what }
    }
}
