import OutlayCore
import Testing

@Suite struct MoneyTests {
    @Test(arguments: ["0", "0.00045", "-12", "5000.5", "0.000000000001", "99999999999999999999.999999999999"])
    func `an amount written and read again is the same text`(text: String) {
        #expect(Money(dollars: text)?.description == text)
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000000000001"), (-1, "-0.000000000001"), (1_000_000_000_000, "1"),
            (999_999_999_999_999_999, "999999.999999999999"), (1_000_000_000_000_000_000, "1000000"),
            (-1_000_000_000_000_000_010, "-1000000.00000000001"),
            (.max, "170141183460469231731687303.715884105727"), (.min, "-170141183460469231731687303.715884105728"),
        ] as [(Int128, String)]
    )
    func `amounts of any size are written exactly`(picodollars: Int128, text: String) {
        #expect(Money(picodollars: picodollars).description == text)
        #expect(DecimalText.format(picodollars, scale: 0) == String(picodollars))
    }

    @Test(arguments: ["", "-", ".", "1e3", "1,5", "0.0000000000001", "1.2.3", " 1", "999999999999999999999"])
    func `text that is not an exact amount is refused`(text: String) {
        #expect(Money(dollars: text) == nil)
    }

    @Test(arguments: [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (8, 3, 3), (7, 3, 2), (-8, 3, -3)])
    func `a tie rounds to the even neighbour`(value: Int, divisor: Int, expected: Int) {
        #expect(Rate.roundedHalfEven(Int128(value), dividedBy: Int128(divisor)) == Int128(expected))
    }

    @Test func `a rate that is not whole rounds its line once`() {
        let perHour = Rate(picodollars: 111_000_000_000, per: 3_600_000)

        #expect(perHour.cost(of: 10_000) == Money(picodollars: 308_333_333))
        #expect(perHour.cost(of: 3_600_000) == Money(dollars: "0.111"))
    }

    @Test func `a reversal costs exactly the negated amount`() {
        let rate = Rate(picodollars: 1, per: 3)

        for count: Int64 in 1...50 { #expect(rate.cost(of: -count) == -rate.cost(of: count)) }
    }

    @Test func `scaling a rate is exact and keeps lowest terms`() {
        let rate = Rate(picodollars: 2_000_000).scaled(by: Ratio(11, over: 10))

        #expect(rate == Rate(picodollars: 2_200_000))
        #expect(Rate(picodollars: 1).scaled(by: Ratio(927, over: 1000)) == Rate(picodollars: 927, per: 1000))
        #expect(Ratio("1.10") == Ratio(11, over: 10))
        #expect(Rate(picodollars: 5, per: 3).scaled(by: Ratio(0, over: 7)) == .free)
    }

    @Test func `absurd counts and rates stop at the largest amount instead of trapping`() {
        let rate = Rate(picodollars: .max)

        #expect(rate.cost(of: .max) == .largest)
        #expect(rate.cost(of: .min) == -.largest)
        #expect(rate.scaled(by: Ratio(.max, over: 1)).cost(of: 1) == .largest)
        #expect(Rate(picodollars: 1_000_000).cost(of: .max) == Money(picodollars: 9_223_372_036_854_775_807_000_000))
    }

    @Test func `shares add up to the amount and differ from their exact part by less than one`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let amount = Money(picodollars: Int128(Int64.random(in: .min ... .max, using: &generator)))
            let weights = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                Int64.random(in: 0...1_000_000, using: &generator)
            }
            let shares = amount.split(by: weights)
            #expect(shares.reduce(.zero, +) == amount, "\(amount) by \(weights)")
            let whole = Int128(weights.reduce(0, +))
            for (share, weight) in zip(shares, weights) where whole > 0 {
                let distance = (share.picodollars * whole - amount.picodollars * Int128(weight)).magnitude
                #expect(distance < whole.magnitude, "\(amount) by \(weights)")
            }
        }
    }

    @Test func `what is left of a split goes to the largest remainders, of equal ones to the first`() {
        #expect(Money(picodollars: 10).split(by: [1, 1, 1]).map(\.picodollars) == [4, 3, 3])
        #expect(Money(picodollars: 10).split(by: [1, 2, 3]).map(\.picodollars) == [2, 3, 5])
        #expect(Money(picodollars: -10).split(by: [1, 1, 1]).map(\.picodollars) == [-4, -3, -3])
        #expect(Money(picodollars: 3).split(by: [0, 0]).map(\.picodollars) == [2, 1])
        #expect(Money(picodollars: 3).split(by: []).isEmpty)
        #expect(Money.largest.split(by: [.max, .max]).reduce(.zero, +) == .largest)
    }

    @Test func `a rounded table adds up to its rounded total`() throws {
        let amounts = try ["0.333", "0.333", "0.334", "-0.005"].map { try #require(Money(dollars: $0)) }
        let rounded = Money.rounded(amounts, to: 2)

        #expect(rounded.reduce(.zero, +) == amounts.reduce(.zero, +).rounded(to: 2))
        #expect(rounded.map(\.description) == ["0.33", "0.33", "0.34", "0"])
        #expect(Money(dollars: "0.125")?.rounded(to: 2).description == "0.12")
        #expect(Money(dollars: "2.5")?.rounded(to: 0).description == "2")
    }
}
