extension ByteReader {
    package mutating func identity() throws(CodecError) -> EventID {
        EventID(source: try text(), id: try text())
    }

    package mutating func kind() throws(CodecError) -> CostEvent.Kind {
        switch try byte() {
        case 0: .call
        case 1: .reversal(of: try identity())
        case 2: .replacement(of: try identity())
        case let other: throw .invalid("an unknown kind \(other)")
        }
    }

    /// Undoes ``ByteWriter/rareParts(of:)``.
    mutating func rareParts() throws(CodecError) -> (isNotional: Bool, callCount: Int64, avoidedCost: Money?) {
        let parts = try byte()
        guard parts < 8 else { throw .invalid("unknown parts \(parts)") }
        let callCount = parts & 2 == 0 ? 1 : try signed()
        let avoided = parts & 4 == 0 ? nil : Money(picodollars: try amount())
        return (parts & 1 != 0, callCount, avoided)
    }

    package mutating func service() throws(CodecError) -> ServiceUse {
        ServiceUse(
            provider: try text(),
            api: try text(),
            upstream: try optionalText(),
            requestedModel: try optionalText(),
            model: try optionalText(),
            context: try context()
        )
    }

    private mutating func context() throws(CodecError) -> RatingContext {
        var context = RatingContext()
        context.serviceTier = try optionalText()
        context.processing = try optionalText()
        context.speed = try optionalText()
        context.inferenceGeo = try optionalText()
        context.dataResidency = try optionalText()
        context.apiHost = try optionalText()
        context.deploymentType = try optionalText()
        context.region = try optionalText()
        context.cacheTTL = try optionalText()
        return context
    }

    package mutating func attribution() throws(CodecError) -> Attribution {
        var attribution = Attribution(workspace: try text(), key: try optionalText(), effective: try tags())
        attribution.claimed = try flag() ? try tags() : attribution.effective
        for _ in 0..<(try count()) {
            let dimension = try dimension()
            let source: TagOrigin.Source = try choice()
            attribution.origins.append(TagOrigin(dimension, from: source, detail: try text()))
        }
        for _ in 0..<(try count()) { attribution.conflicts.append(try dimension()) }
        return attribution
    }

    package mutating func tags() throws(CodecError) -> TagSet {
        var tags: [Tag] = []
        for _ in 0..<(try count()) { tags.append(Tag(try dimension(), try text())) }
        return TagSet(tags)
    }

    package mutating func metering() throws(CodecError) -> Metering {
        var metering = Metering(quality: try choice(), method: try optionalText())
        for _ in 0..<(try count()) { metering.flags.append(try text()) }
        metering.raw = try optionalText()
        for _ in 0..<(try count()) {
            let model = try optionalText()
            let label = try optionalText()
            var counts: [UnitCount] = []
            for _ in 0..<(try count()) {
                let unit = UsageUnit(try text())
                counts.append(UnitCount(unit, try bounded(try signed(), by: EventBounds.count, "count")))
            }
            metering.parts.append(UsagePart(model: model, label: label, usage: Usage(counts)))
        }
        return metering
    }

    package mutating func rating() throws(CodecError) -> Rating {
        var rating = Rating(lines: [], state: try choice(), version: try text())
        for _ in 0..<(try count()) {
            let unit = UsageUnit(try text())
            let label = try optionalText()
            let model = try text()
            let quantity = try signed()
            let listRate = try rate()
            let ownRate = try flag() ? try rate() : listRate
            guard EventBounds.isPayable(quantity, listRate), EventBounds.isPayable(quantity, ownRate) else {
                throw .invalid("a line's amount is beyond all sense")
            }
            rating.lines.append(
                CostLine(unit: unit, label: label, model: model, quantity: quantity, listRate: listRate, rate: ownRate)
            )
        }
        for _ in 0..<(try count()) { rating.unpriced.append(UsageUnit(try text())) }
        return rating
    }

    private mutating func rate() throws(CodecError) -> Rate {
        let picodollars = try amount()
        let denominator = try amount()
        guard denominator > 0 else { throw .invalid("a rate's denominator is \(denominator)") }
        return Rate(picodollars: picodollars, per: denominator)
    }

    /// A number of picodollars, or what they are divided by.
    mutating func amount() throws(CodecError) -> Int128 {
        try bounded(try wideSigned(), by: EventBounds.amount, "amount")
    }

    private func bounded<Number: FixedWidthInteger & SignedInteger>(
        _ number: Number,
        by bound: Number,
        _ name: String
    ) throws(CodecError) -> Number {
        guard number.magnitude <= bound.magnitude else { throw .invalid("the \(name) \(number) is beyond all sense") }
        return number
    }

    package mutating func held() throws(CodecError) -> Consumption? {
        guard try flag() else { return nil }
        return Consumption(cost: Money(picodollars: try amount()), tokens: try signed(), calls: try signed())
    }

    package mutating func outcome() throws(CodecError) -> CallOutcome {
        CallOutcome(
            ending: try choice(),
            status: try optional().map { Int(truncatingIfNeeded: $0) },
            latencyMicroseconds: try optional(),
            timeToFirstTokenMicroseconds: try optional(),
            isStream: try flag()
        )
    }

    package mutating func links() throws(CodecError) -> CallLinks {
        var links = CallLinks(
            call: try flag() ? CallID(bits: try fixed()) : nil,
            attempt: Int(truncatingIfNeeded: try signed()),
            responseID: try optionalText(),
            requestID: try optionalText(),
            clientRequestID: try optionalText(),
            traceID: try optionalText(),
            spanID: try optionalText()
        )
        links.conversationID = try optionalText()
        return links
    }

    package mutating func dimension() throws(CodecError) -> Dimension {
        let name = try text()
        guard let dimension = Dimension(name) else { throw .invalid("'\(name)' is no dimension") }
        return dimension
    }

    package mutating func choice<Choice: RawRepresentable<String>>() throws(CodecError) -> Choice {
        let word = try text()
        guard let choice = Choice(rawValue: word) else { throw .invalid("an unknown word '\(word)'") }
        return choice
    }
}
