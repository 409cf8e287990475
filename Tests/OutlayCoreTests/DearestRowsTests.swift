import OutlayCore
import Testing

/// Answers to questions with more rows than they name.
@Suite struct DearestRowsTests {
    private static let hour = Timestamp(seconds: 0)..<Timestamp(seconds: 3600)
    private static let next = Timestamp(seconds: 3600)..<Timestamp(seconds: 7200)

    /// As many rows as there are users, made one by one; `cost` in dollars by number.
    private static func table(
        users: Int,
        rowsMax: Int?,
        buckets: [Range<Timestamp>] = [hour],
        cost: @escaping (Int) -> Int64 = { Int64($0) }
    ) -> SpendTable {
        let query = SpendQuery(by: [.user], buckets: buckets, rowsMax: rowsMax)
        let rows = (0..<users).lazy.map { user in
            // Neither ascending nor descending.
            let number = user &* 48_271 % users
            var sum = SpendSum()
            sum.calls = 1
            sum.pricedCalls = 1
            sum.usage = [.input: 7]
            sum.effective = Money(picodollars: Int128(cost(number)) * 1_000_000_000_000)
            return SpendRow(key: ["user-\(number)"], bucket: number % buckets.count, sum: sum)
        }
        return SpendTable(query: query, sums: rows)
    }

    @Test func `a hundred thousand users are the dearest ten and one row of all others, which add up`() {
        let users = 100_000
        let table = Self.table(users: users, rowsMax: 10)
        let names = (users - 10..<users).reversed().map { ["user-\($0)"] }
        #expect(table.rows.prefix(10).map(\.key) == names)
        #expect(table.rows.count == 11)
        #expect(table.rows.last?.folded == users - 10)
        #expect(table.rows.last?.key == [nil])
        var sum = SpendSum()
        for row in table.rows { sum += row.sum }
        #expect(sum == table.total)
        #expect(table.total.calls == Int64(users))
        #expect(table.total.usage[.input] == Int64(users) * 7)
    }

    @Test func `every bucket ends with its own sum of others`() {
        let table = Self.table(users: 1000, rowsMax: 4, buckets: [Self.hour, Self.next])
        #expect(table.rows.map(\.bucket) == [0, 0, 0, 1, 1, 1])
        #expect(table.rows.map(\.folded) == [0, 0, 498, 0, 0, 498])
    }

    @Test(arguments: [1, 2, 3, 7, 50, 99, 100, 101])
    func `equal amounts are named in the order of their keys, whatever comes first`(rowsMax: Int) {
        let table = Self.table(users: 100, rowsMax: rowsMax) { _ in 5 }
        let all = Self.table(users: 100, rowsMax: nil) { _ in 5 }
        let named = table.rows.filter { $0.folded == 0 }
        #expect(named == Array(all.rows.prefix(rowsMax)))
        #expect(table.total == all.total)
        #expect(table.rows.reduce(0) { $0 + ($1.folded == 0 ? 1 : $1.folded) } == 100)
    }
}
