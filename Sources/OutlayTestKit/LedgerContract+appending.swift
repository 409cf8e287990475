import OutlayCore

extension LedgerRule {
    static let appending = [
        LedgerRule(name: "what is appended counts") { ledger in
            let result = try await ledger.append([.event("a", cost: "2.50"), .event("b", cost: "0.000000000001")])
            try demand(result, is: AppendResult(new: 2), "the result")
            try demand(try await ledger.total().effective.description, is: "2.500000000001", "the total")
        },
        LedgerRule(name: "an empty batch is no event") { ledger in
            try demand(try await ledger.append([]), is: AppendResult(), "the result")
            try demand(try await ledger.total(), is: SpendSum(), "the total")
        },
        LedgerRule(name: "a re-sent event counts once, whenever it is received") { ledger in
            let event = CostEvent.event("a")
            let later = event.with { $0.receivedAt = event.receivedAt.advanced(bySeconds: 3600) }
            _ = try await ledger.append([event, event])
            let result = try await ledger.append([later, .event("b")])
            try demand(result, is: AppendResult(new: 1, duplicates: 1, skipped: [0]), "the result")
            try demand(try await ledger.total().calls, is: 2, "the number of calls")
        },
        LedgerRule(name: "the first content of an event stays and another one is counted as a conflict") { ledger in
            _ = try await ledger.append([.event("a", cost: "1.00")])
            let result = try await ledger.append([.event("a", cost: "9.00")])
            try demand(result, is: AppendResult(duplicates: 1, conflicts: 1, skipped: [0]), "the result")
            try demand(try await ledger.total().effective.description, is: "1", "the total")
        },
        LedgerRule(name: "the same id from another source is another event") { ledger in
            let first = CostEvent.event("b-c").with { $0.id = EventID(source: "a", id: "b-c") }
            let second = CostEvent.event("c").with { $0.id = EventID(source: "a-b", id: "c") }
            try demand(try await ledger.append([first, second]).new, is: 2, "the number of new events")
        },
        LedgerRule(name: "a reversal takes back everything its event added") { ledger in
            let event = CostEvent.event("a", cost: "1.25")
            _ = try await ledger.append([event, event.reversal("r")])
            try demand(try await ledger.total(), is: SpendSum(), "the total")
        },
        LedgerRule(name: "a replacement stands where its event stood") { ledger in
            let event = CostEvent.event("a", cost: nil)
            let priced = event.replacement("p") { $0.rating = CostEvent.event(cost: "3.00").rating }
            _ = try await ledger.append([event, event.reversal("r"), priced])
            let total = try await ledger.total()
            try demand(total.effective.description, is: "3", "the total")
            try demand(total.unpricedCalls, is: 0, "the number of unpriced calls")
            try demand(total.calls, is: 1, "the number of calls")
        },
        LedgerRule(name: "verify finds an honest ledger in order") { ledger in
            var generator = EventGenerator(seed: 1)
            let events = generator.events(60)
            for start in stride(from: 0, to: 60, by: 7) {
                _ = try await ledger.append(Array(events[start..<min(start + 7, 60)]))
            }
            let verification = try await ledger.verify()
            try demand(verification.differences, is: [], "the list of differences")
            try demand(verification.effective, is: try await ledger.total().effective, "the verified total")
        },
    ]
}
