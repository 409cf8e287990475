extension CostLine {
    /// The unit as it is shown: `input`, `input_text`, `input(compaction)`.
    ///
    /// Where another modality of the same direction is priced apart in the same part, the plain unit is text and
    /// says so. Output beside images stays `output`: it is what remains after them, thoughts included.
    package func displayUnit(among lines: [CostLine]) -> String {
        let others: [UsageUnit] =
            switch unit {
            case .input: [.inputAudio, .inputImage, .inputVideo]
            case .cacheRead: [.cacheReadAudio, .cacheReadImage, .cacheReadVideo]
            case .output: [.outputAudio]
            default: []
            }
        let isText = lines.contains { $0.label == label && $0.model == model && others.contains($0.unit) }
        let name = isText ? "\(unit.name)_text" : unit.name
        return label.map { "\(name)(\($0))" } ?? name
    }

    /// The quantity in whole units: `93` or `9.5` seconds, `1200` tokens.
    package var displayQuantity: String {
        unit.displayQuantity(quantity)
    }

    /// The rate in dollars per million units, after discounts; rounded half to even at twelve decimals.
    package var displayRatePerMillion: String {
        unit.displayRatePerMillion(rate)
    }

    /// The public rate in dollars per million units, before discounts.
    package var displayListRatePerMillion: String {
        unit.displayRatePerMillion(listRate)
    }
}

extension UsageUnit {
    /// `count` stored counts as a number of units: milliseconds as seconds.
    package func displayQuantity(_ count: Int64) -> String {
        countsPerUnit == 1 ? "\(count)" : DecimalText.format(Int128(count), scale: 3)
    }

    /// The price of one stored count as dollars per million units; rounded half to even at twelve decimals.
    package func displayRatePerMillion(_ rate: Rate) -> String {
        rate.dollars(perUnits: 1_000_000 * Int128(countsPerUnit))
    }
}
