import OutlayApp
import OutlayCore
import OutlayWire
import Testing

struct PresentationTests {
    private func answer(costs: [String?], team: [String?]) -> SpendAnswer {
        var total = SpendSum()
        let rows = zip(costs, team).map { cost, team in
            var sum = SpendSum()
            sum.calls = 1
            sum.pricedCalls = cost == nil ? 0 : 1
            sum.unpricedCalls = cost == nil ? 1 : 0
            sum.effective = cost.flatMap { Money(dollars: $0) } ?? .zero
            sum.usage = [.input: 1000, .cacheRead: 24, .output: 10, .audioSeconds: 12_500]
            total += sum
            return SpendRow(key: [team], bucket: 0, sum: sum)
        }
        let span = Timestamp(seconds: 0)..<Timestamp(seconds: 86_400)
        let table = SpendTable(query: SpendQuery(by: [.team], buckets: [span]), rows: rows, total: total)
        return SpendAnswer(table, span: span, zone: "UTC", hasGrain: false)
    }

    @Test func `JSON keeps what is unknown as null`() throws {
        let text = try answer(costs: [nil], team: [nil]).text(as: .json)
        #expect(text.contains("\"cost_usd\" : null"))
        #expect(text.contains("\"team\" : null"))
        #expect(text.contains("\"audio_seconds\" : 12.5"))
    }

    @Test func `CSV is exact and disarms formulas`() throws {
        let text = try answer(costs: ["0.000000000001", "2"], team: ["=HYPERLINK(1)", "a,\"b\""]).text(as: .csv)
        let lines = text.split(separator: "\r\n")
        #expect(lines[0] == "team,calls,input,output,cost_usd,unpriced_calls,estimated_calls,unmetered_calls")
        #expect(lines[1] == "'=HYPERLINK(1),1,1024,10,0.000000000001,0,0,0")
        #expect(lines[2] == "\"a,\"\"b\"\"\",1,1024,10,2,0,0,0")
        #expect(lines.count == 3)
    }

    @Test func `a table for people ends in the total`() throws {
        let text = try answer(costs: ["1.005", "2"], team: ["growth", nil]).text(as: .table)
        let last = text.split(separator: "\n").last.map(String.init) ?? ""
        #expect(last.hasPrefix("total"))
        #expect(last.contains("3.005"))
        #expect(text.contains("(none)"))
    }

    @Test func `Markdown escapes what would break a row`() throws {
        #expect(try answer(costs: ["1"], team: ["a|b"]).text(as: .markdown).contains("| a\\|b |"))
    }
}
