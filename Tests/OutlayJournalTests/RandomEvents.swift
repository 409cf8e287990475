import OutlayCore

/// SplitMix64: the same seed gives the same events everywhere.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// Events with every field set now and then, in every shape the domain allows.
struct RandomEvents {
    var random: Seeded

    init(seed: UInt64) {
        random = Seeded(state: seed)
    }

    mutating func text() -> String {
        let alphabet = ["a", "Z", "0", "-", "_", " ", "ü", "日", "🚀", "\u{0}", "\"", "\n", "🇩🇪"]
        return (0..<Int.random(in: 0...12, using: &random)).map { _ in pick(alphabet) }.joined()
    }

    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &random)]
    }

    mutating func maybe<Value>(_ body: (inout RandomEvents) -> Value) -> Value? {
        Bool.random(using: &random) ? body(&self) : nil
    }

    mutating func list<Value>(_ body: (inout RandomEvents) -> Value) -> [Value] {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in body(&self) }
    }

    mutating func dimension() -> Dimension {
        pick(Dimension.claimable)
    }

    mutating func number() -> Int64 {
        let bits = Int64.random(in: 0...62, using: &random)
        let size = Int64(1) << bits
        return pick([-1, 1]) * Int64.random(in: 0..<size, using: &random)
    }

    mutating func rate() -> Rate {
        Rate(picodollars: Int128(number() / 4096), per: pick([1, 3, 1000, 3_600_000]))
    }

    mutating func id() -> EventID {
        EventID(source: text(), id: "\(random.next())" + text())
    }

    mutating func service() -> ServiceUse {
        var context = RatingContext()
        for field in RatingContext.fields { context[keyPath: field.path] = maybe { $0.text() } }
        return ServiceUse(
            provider: text(),
            api: text(),
            upstream: maybe { $0.text() },
            requestedModel: maybe { $0.text() },
            model: maybe { $0.text() },
            context: context
        )
    }

    mutating func attribution() -> Attribution {
        Attribution(
            workspace: text(),
            key: maybe { $0.text() },
            effective: TagSet(list { Tag($0.dimension(), $0.text()) }),
            claimed: TagSet(list { Tag($0.dimension(), $0.text()) }),
            origins: list { TagOrigin($0.dimension(), from: $0.pick(TagOrigin.Source.allCases), detail: $0.text()) },
            conflicts: list { $0.dimension() }
        )
    }

    mutating func links() -> CallLinks {
        var links = CallLinks(
            call: maybe { CallID(bits: UInt128($0.random.next()) << 64 | UInt128($0.random.next())) },
            attempt: Int(number()),
            responseID: maybe { $0.text() },
            requestID: maybe { $0.text() },
            clientRequestID: maybe { $0.text() },
            traceID: maybe { $0.text() },
            spanID: maybe { $0.text() }
        )
        links.conversationID = maybe { $0.text() }
        return links
    }

    mutating func metering() -> Metering {
        let counts = { (events: inout RandomEvents) in
            Usage(events.list { UnitCount($0.pick([.input, .output, .cacheRead, .webSearch]), $0.number() >> 20) })
        }
        return Metering(
            parts: list { UsagePart(model: $0.maybe { $0.text() }, label: $0.maybe { $0.text() }, usage: counts(&$0)) },
            quality: pick(Metering.Quality.allCases),
            method: maybe { $0.text() },
            flags: list { $0.text() },
            raw: maybe { $0.text() }
        )
    }

    mutating func rating() -> Rating {
        let line = { (events: inout RandomEvents) in
            CostLine(
                unit: UsageUnit(events.text()),
                label: events.maybe { $0.text() },
                model: events.text(),
                quantity: events.number() >> 20,
                listRate: events.rate(),
                rate: events.maybe { $0.rate() }
            )
        }
        return Rating(
            lines: list(line),
            state: pick(Rating.State.allCases),
            version: text(),
            unpriced: list { UsageUnit($0.text()) }
        )
    }

    mutating func event() -> CostEvent {
        var event = CostEvent(
            id: id(),
            kind: pick([.call, .reversal(of: id()), .replacement(of: id())]),
            at: Timestamp(microseconds: number()),
            receivedAt: Timestamp(microseconds: number()),
            service: service(),
            attribution: attribution(),
            metering: metering(),
            rating: rating(),
            reportedCost: maybe { Money(picodollars: Int128($0.number()) * 1_000_000) },
            outcome: CallOutcome(
                ending: pick(CallOutcome.Ending.allCases),
                status: maybe { Int($0.number()) },
                latencyMicroseconds: maybe { $0.number() },
                timeToFirstTokenMicroseconds: maybe { $0.number() },
                isStream: pick([true, false])
            ),
            links: links()
        )
        event.isNotional = pick([true, false])
        event.callCount = pick([1, 0, 250])
        event.avoidedCost = maybe { Money(picodollars: Int128($0.number())) }
        return event
    }

    mutating func intent() -> CallIntent {
        CallIntent(
            id: id(),
            at: Timestamp(microseconds: number()),
            service: service(),
            attribution: attribution(),
            links: links(),
            isStream: pick([true, false])
        )
    }
}
