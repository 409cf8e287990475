import OutlayCore

extension LedgerRule {
    static let reading = [
        LedgerRule(name: "every event is read back exactly, in the order it was written") { ledger in
            var generator = EventGenerator(seed: 3)
            var expected: [CostEvent] = []
            for event in generator.events(50) where !expected.contains(where: { $0.id == event.id }) {
                expected.append(event)
            }
            _ = try await ledger.append(expected)
            var found: [CostEvent] = []
            var last: Int64 = 0
            while true {
                let page = try await ledger.events(in: .always, after: last, limit: 7)
                guard let end = page.last else { break }
                found += page.map(\.event)
                last = end.sequence
            }
            try demand(found, is: expected, "the list of events")
        },
        LedgerRule(name: "events of a span are those inside it") { ledger in
            let start = Timestamp.sample
            let events = (0..<10).map { CostEvent.event("\($0)", at: start.advanced(bySeconds: Int64($0) * 60)) }
            _ = try await ledger.append(events)
            let span = start.advanced(bySeconds: 120)..<start.advanced(bySeconds: 300)
            let found = try await ledger.events(in: span, after: 0, limit: 100)
            try demand(found.map(\.event.id.id), is: ["2", "3", "4"], "the list of events")
            let rest = try await ledger.events(in: span, after: found[0].sequence, limit: 1)
            try demand(rest.map(\.event.id.id), is: ["3"], "the next page")
        },
        LedgerRule(name: "an event that was taken back says so") { ledger in
            let event = CostEvent.event("a")
            _ = try await ledger.append([event, .event("b")])
            _ = try await ledger.append([event.reversal("r")])
            let found = try await ledger.events(in: .always, after: 0, limit: 10)
            try demand(found.map(\.isReversed), is: [true, false, false], "what is reversed")
        },
        LedgerRule(name: "the history of a call has all attempts and what was posted about them") { ledger in
            let call = CallID(bits: 42)
            let first = CostEvent.event("x-1").with { $0.links = CallLinks(call: call, attempt: 1) }
            let second = CostEvent.event("x-2").with {
                $0.links = CallLinks(call: call, attempt: 2, responseID: "chatcmpl-9")
            }
            let fixed = second.replacement("p") { $0.links = CallLinks() }
            let again = fixed.reversal("again")
            _ = try await ledger.append([first, second, .event("other"), second.reversal("r"), fixed, again])
            let ids = ["x-1", "x-2", "r", "p", "again"]
            try demand(try await ledger.history(of: call.description).map(\.id.id), is: ids, "the call's history")
            try demand(try await ledger.history(of: "p").map(\.id.id), is: ["p", "again"], "the event's history")
            try demand(try await ledger.history(of: "x-1").map(\.id.id), is: ["x-1"], "the first attempt's history")
            let byResponse = try await ledger.history(of: "chatcmpl-9").map(\.id.id)
            try demand(byResponse, is: ["x-2", "r", "p", "again"], "the response's history")
            try demand(try await ledger.history(of: "unknown"), is: [], "the history of nothing")
        },
    ]
}
