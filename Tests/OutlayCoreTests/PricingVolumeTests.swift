import OutlayCore
import Testing

@Suite struct PricingVolumeTests {
    private let period = ContractPeriod(from: TestBook.start, to: TestBook.start.advanced(bySeconds: 86_400))

    private func dollars(_ text: String) -> Money {
        Money(dollars: text) ?? .zero
    }

    private func step(above: String, percent: Int64) -> Discount.VolumeStep {
        Discount.VolumeStep(above: dollars(above), percentNumerator: percent, percentDenominator: 100)
    }

    private func discount(marginal: Bool) -> VolumeDiscount {
        VolumeDiscount(
            steps: [step(above: "200", percent: 20), step(above: "100", percent: 10)],
            isMarginal: marginal,
            period: period
        )
    }

    @Test func `a marginal discount gives each dollar the percent of its step`() {
        let postings = discount(marginal: true).postings(list: [dollars("90"), dollars("20"), dollars("100")])

        #expect(postings.map(\.effective) == [dollars("90"), dollars("19"), dollars("89")])
        #expect(postings.allSatisfy { $0.corrections.isEmpty })
    }

    @Test func `reaching a border of a whole-volume discount corrects the earlier calls`() {
        let postings = discount(marginal: false).postings(list: [dollars("60"), dollars("40"), dollars("100")])

        #expect(postings[0].effective == dollars("60"))
        #expect(postings[1].effective == dollars("36"))
        #expect(postings[1].corrections == [.init(index: 0, amount: dollars("-6"))])
        #expect(postings[2].effective == dollars("80"))
        #expect(
            postings[2].corrections == [
                .init(index: 0, amount: dollars("-6")), .init(index: 1, amount: dollars("-4")),
            ]
        )
    }

    @Test(arguments: [true, false])
    func `at every moment the postings add up to the discount on the whole spend`(isMarginal: Bool) {
        var generator = SystemRandomNumberGenerator()
        let discount = discount(marginal: isMarginal)
        let amounts = (0..<300).map { _ in
            Money(picodollars: Int128(Int64.random(in: -200_000_000_000...1_500_000_000_000, using: &generator)))
        }
        var (booked, spend) = (Money.zero, Money.zero)
        for (posting, amount) in zip(discount.postings(list: amounts), amounts) {
            spend = spend + amount
            booked = posting.corrections.reduce(booked + posting.effective) { $0 + $1.amount }
            #expect(booked == discount.effective(ofPeriod: spend), "\(amounts)")
        }
    }

    @Test func `the terms of a discount make a volume discount for its contract period`() {
        let terms = Discount.Terms.volume(steps: [step(above: "1", percent: 5)], isMarginal: true, periodEnd: period.to)
        let volume = VolumeDiscount(Discount(name: "v", provider: "acme", from: period.from, terms: terms))

        #expect(volume?.period == period)
        #expect(period.contains(period.from))
        #expect(!period.contains(period.to))
        let other = Discount.Terms.percent(numerator: 1, denominator: 2)
        #expect(VolumeDiscount(Discount(name: "p", provider: "acme", from: period.from, terms: other)) == nil)
    }
}
