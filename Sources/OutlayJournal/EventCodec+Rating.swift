import OutlayCore

extension ByteWriter {
    mutating func metering(_ metering: Metering) {
        fields(1, metering.parts) { $0.part($1) }
        field(2, metering.quality.rawValue)
        field(3, metering.method)
        fields(4, metering.flags) { $0.text($1) }
        field(5, metering.raw)
        end()
    }

    private mutating func part(_ part: UsagePart) {
        field(1, part.model)
        field(2, part.label)
        fields(3, part.usage.counts) { writer, count in
            writer.text(count.unit.name)
            writer.number(count.count)
        }
        end()
    }

    mutating func rating(_ rating: Rating) {
        fields(1, rating.lines) { $0.line($1) }
        field(2, rating.state.rawValue)
        field(3, rating.version)
        fields(4, rating.unpriced) { $0.text($1.name) }
        end()
    }

    private mutating func line(_ line: CostLine) {
        field(1, line.unit.name)
        field(2, line.label)
        field(3, line.model)
        field(4, line.quantity)
        byte(5)
        rate(line.listRate)
        if line.rate != line.listRate {
            byte(6)
            rate(line.rate)
        }
        end()
    }

    private mutating func rate(_ rate: Rate) {
        wideNumber(rate.picodollars)
        wideNumber(rate.denominator)
    }
}

extension ByteReader {
    mutating func metering() throws(CodecError) -> Metering {
        var metering = Metering(quality: .unmetered)
        while let tag = try tag() {
            switch tag {
            case 1: metering.parts.append(try part())
            case 2: metering.quality = try word("quality")
            case 3: metering.method = try text()
            case 4: metering.flags.append(try text())
            case 5: metering.raw = try text()
            default: throw .tag(tag)
            }
        }
        return metering
    }

    private mutating func part() throws(CodecError) -> UsagePart {
        var part = UsagePart(usage: .none)
        while let tag = try tag() {
            switch tag {
            case 1: part.model = try text()
            case 2: part.label = try text()
            case 3:
                let (unit, count) = (UsageUnit(try text()), try number())
                guard count.magnitude <= Self.countMax else { throw .invalid("count") }
                part.usage[unit] = count
            default: throw .tag(tag)
            }
        }
        return part
    }

    mutating func rating() throws(CodecError) -> Rating {
        var rating = Rating(lines: [], state: .unpriced, version: "")
        while let tag = try tag() {
            switch tag {
            case 1: rating.lines.append(try line())
            case 2: rating.state = try word("rating state")
            case 3: rating.version = try text()
            case 4: rating.unpriced.append(UsageUnit(try text()))
            default: throw .tag(tag)
            }
        }
        return rating
    }

    private mutating func line() throws(CodecError) -> CostLine {
        var line = CostLine(unit: .input, model: "", quantity: 0, listRate: .free)
        var (hasUnit, discounted): (Bool, Rate?) = (false, nil)
        while let tag = try tag() {
            switch tag {
            case 1:
                line.unit = UsageUnit(try text())
                hasUnit = true
            case 2: line.label = try text()
            case 3: line.model = try text()
            case 4: line.quantity = try number()
            case 5: line.listRate = try rate()
            case 6: discounted = try rate()
            default: throw .tag(tag)
            }
        }
        line.rate = discounted ?? line.listRate
        guard hasUnit, isPayable(line.quantity, line.listRate), isPayable(line.quantity, line.rate) else {
            throw .invalid("line")
        }
        return line
    }

    private mutating func rate() throws(CodecError) -> Rate {
        let picodollars = try wideNumber()
        let denominator = try wideNumber()
        guard denominator > 0, denominator <= Self.amountMax else { throw .invalid("rate") }
        return Rate(picodollars: try bounded(picodollars, "rate"), per: denominator)
    }

    /// Whether the line's amount can be computed and summed without overflow.
    private func isPayable(_ quantity: Int64, _ rate: Rate) -> Bool {
        let (product, overflow) = rate.picodollars.multipliedReportingOverflow(by: Int128(quantity))
        return !overflow && product.magnitude <= UInt128(Self.amountMax)
    }

    func bounded(_ value: Int128, _ field: String) throws(CodecError) -> Int128 {
        guard value.magnitude <= UInt128(Self.amountMax) else { throw .invalid(field) }
        return value
    }

    /// The largest count taken for true: sums over all parts of one event stay within 64 bits.
    private static let countMax: UInt64 = 1 << 48
    /// The largest amount taken for true, in picodollars: 10²⁰ dollars and more; sums stay within 128 bits.
    private static let amountMax: Int128 = 1 << 108
}
