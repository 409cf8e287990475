internal import OutlayCore

/// A table of rates in a configuration: how many of a unit its prices are for.
struct RateTable {
    let key: String
    let units: Int128
    /// Whether the prices are for time, and the units durations.
    let isTime: Bool

    private init(_ key: String, _ units: Int128, isTime: Bool = false) {
        self.key = key
        self.units = units
        self.isTime = isTime
    }

    static let all = [
        RateTable("per_million", 1_000_000), RateTable("per_thousand", 1000), RateTable("per_unit", 1),
        RateTable("per_hour", 3600, isTime: true), RateTable("per_minute", 60, isTime: true),
        RateTable("per_second", 1, isTime: true),
    ]
}

extension ConfigReader {
    /// The rates of every table: $1.00 per million is 1 000 000 picodollars for one.
    func readRates(_ fields: Fields) -> [UsageUnit: Rate] {
        var rates: [UsageUnit: Rate] = [:]
        for table in RateTable.all {
            for entry in fields.textMapping(table.key) {
                guard let unit = unit(entry.key, in: table, fields, at: entry.keyPlace),
                    let price = fields.read(entry.text, at: entry.place, entry.key, ValueText.money)
                else { continue }
                if rates[unit] != nil {
                    log.error("\(fields.subject) has two rates for '\(unit)'", at: entry.keyPlace)
                }
                rates[unit] = Rate(picodollars: price.picodollars, per: table.units * Int128(unit.countsPerUnit))
            }
        }
        return rates
    }

    private func unit(_ name: String, in table: RateTable, _ fields: Fields, at place: Place) -> UsageUnit? {
        guard Dimension(name) != nil else {
            log.error("'\(Fields.shortened(name))' is no unit; use a-z, 0-9 and '_'", at: place)
            return nil
        }
        let unit = UsageUnit(name)
        if table.isTime, !unit.isTime {
            log.error("'\(name)' is not counted in time; '\(table.key)' is for units such as audio_seconds", at: place)
            return nil
        }
        if let meant = UsageUnit.misspelt(name) {
            log.error("unknown unit '\(name)' in \(fields.subject); did you mean '\(meant)'?", at: place)
            return nil
        }
        return unit
    }
}
