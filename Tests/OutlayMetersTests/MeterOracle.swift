import OutlayCore
import OutlayMeters

/// The meters as slowly and plainly as one can write them: lists of calls, added up at every question.
struct MeterOracle {
    struct Call {
        var id = 0
        var at: Timestamp
        var team: Int
        var agent: Int
        /// What is held for it, in picodollars.
        var held: Int128
        /// For each rule its group and window; empty where the rule is not concerned.
        var places: [[Int64]] = []

        func named(_ id: Int) -> Call {
            var call = self
            call.id = id
            return call
        }
    }

    struct Rule {
        var limit: Int128
        /// The group of a call, as a number; `nil` for calls it does not concern.
        var group: (Call) -> Int?
        var windowSeconds: Int64
    }

    let rules: [Rule]
    var booked: [Call] = []
    var inFlight: [Call] = []
    /// Ended, and not in the ledger yet.
    var ended: [Call] = []

    /// `call` with the meters it counts in, so that adding up compares numbers only.
    func placed(_ call: Call) -> Call {
        var call = call
        call.places = rules.map { rule in rule.group(call).map { [Int64($0), window(rule, call.at)] } ?? [] }
        return call
    }

    func window(_ rule: Rule, _ time: Timestamp) -> Int64 {
        time.microseconds / (rule.windowSeconds * 1_000_000)
    }

    func posted(_ rule: Int, at place: [Int64]) -> Int128 {
        sum(booked, rule, place)
    }

    func reserved(_ rule: Int, at place: [Int64]) -> Int128 {
        sum(inFlight, rule, place) + sum(ended, rule, place)
    }

    func admits(_ call: Call) -> Bool {
        rules.indices.allSatisfy { rule in
            let place = call.places[rule]
            return place.isEmpty
                || posted(rule, at: place) + reserved(rule, at: place) + call.held <= rules[rule].limit
        }
    }

    private func sum(_ calls: [Call], _ rule: Int, _ place: [Int64]) -> Int128 {
        var sum: Int128 = 0
        for call in calls where call.places[rule] == place { sum += call.held }
        return sum
    }

    /// Forgets what no window of `now` can count.
    mutating func forget(before now: Timestamp) {
        let spans = rules.map { (seconds: $0.windowSeconds, window: window($0, now)) }
        booked.removeAll { call in
            spans.allSatisfy { call.at.microseconds / ($0.seconds * 1_000_000) != $0.window }
        }
    }
}
