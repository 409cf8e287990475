import OutlayCore
import Testing

struct MoneyDisplayTests {
    private func shown(_ amounts: [String?]) -> [String] {
        let money = amounts.map { $0.flatMap { Money(dollars: $0) } }
        let total = money.compactMap { $0 }.reduce(Money.zero, +)
        let text = Money.displayed(money, total: total)
        return text.rows + [text.total]
    }

    @Test func `a column for people adds up to its total as shown`() {
        let third = "3.333333333333"
        #expect(shown([third, third, third]) == ["3.3334", "3.3333", "3.3333", "10.0000"])
        #expect(shown(["33.335", "33.335", "33.335"]) == ["33.34", "33.33", "33.33", "100.00"])
    }

    @Test func `thousands are grouped and what has no price says so`() {
        #expect(shown(["1234567.891", nil]) == ["1,234,567.89", "unpriced", "1,234,567.89"])
        #expect(shown(["-1234.5"]) == ["-1,234.50", "-1,234.50"])
    }

    @Test func `a first call is not shown as nothing`() {
        #expect(shown(["0.00045"]) == ["0.000450", "0.000450"])
        #expect(shown(["0.25"]) == ["0.2500", "0.2500"])
        #expect(shown([]) == ["0.00"])
    }
}
