import OutlayCore
import OutlayMeters

/// The meters as slowly and plainly as one can write them: lists of calls, added up at every question.
struct MeterOracle {
    struct Call {
        var id = 0
        var at: Timestamp
        var team: String
        var agent: String
        /// What is held for it, in picodollars.
        var held: Int128

        func named(_ id: Int) -> Call {
            var call = self
            call.id = id
            return call
        }
    }

    struct Rule {
        var limit: Int128
        var isConcerned: (Call) -> Bool
        /// Calls of the same group share a meter.
        var group: (Call) -> String
        var windowSeconds: Int64
    }

    let rules: [Rule]
    var booked: [Call] = []
    var inFlight: [Call] = []
    /// Ended, and not in the ledger yet.
    var ended: [Call] = []

    func window(_ rule: Rule, _ time: Timestamp) -> Int64 {
        time.microseconds / (rule.windowSeconds * 1_000_000)
    }

    func posted(_ rule: Rule, like call: Call, at now: Timestamp) -> Int128 {
        sum(booked, rule, call, now)
    }

    func reserved(_ rule: Rule, like call: Call, at now: Timestamp) -> Int128 {
        sum(inFlight, rule, call, now) + sum(ended, rule, call, now)
    }

    func admits(_ call: Call) -> Bool {
        rules.allSatisfy { rule in
            guard rule.isConcerned(call) else { return true }
            let total = posted(rule, like: call, at: call.at) + reserved(rule, like: call, at: call.at)
            return total + call.held <= rule.limit
        }
    }

    private func sum(_ calls: [Call], _ rule: Rule, _ like: Call, _ now: Timestamp) -> Int128 {
        let (group, window) = (rule.group(like), window(rule, now))
        return calls.reduce(0) { sum, call in
            let counts = self.window(rule, call.at) == window && rule.isConcerned(call) && rule.group(call) == group
            return counts ? sum + call.held : sum
        }
    }

    /// Forgets what no window of `now` can count.
    mutating func forget(before now: Timestamp) {
        let spans = rules.map { (seconds: $0.windowSeconds, window: window($0, now)) }
        booked.removeAll { call in
            spans.allSatisfy { call.at.microseconds / ($0.seconds * 1_000_000) != $0.window }
        }
    }
}
