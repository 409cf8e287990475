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

    private func days(_ grain: Grain, from: Int64, days: Int64, zone: String) throws -> SpendAnswer {
        let span = Timestamp(seconds: from)..<Timestamp(seconds: from + days * 86_400)
        let place = try #require(CivilZone(zone))
        let buckets = try #require(grain.buckets(of: span, in: place))
        let rows = buckets.indices.map { SpendRow(key: [nil], bucket: $0, sum: SpendSum()) }
        let table = SpendTable(query: SpendQuery(by: [.team], buckets: buckets), rows: rows, total: SpendSum())
        return SpendAnswer(table, span: span, zone: zone, hasGrain: true)
    }

    @Test func `a table for people names days by the calendar of the zone asked for`() throws {
        // Two days in Berlin from 1 December 2026, 00:00 there.
        let answer = try days(.day, from: 1_796_079_600, days: 2, zone: "Europe/Berlin")
        let starts = try answer.text(as: .table).split(separator: "\n").dropFirst(2).map { $0.prefix(12) }
        #expect(starts.prefix(2) == ["2026-12-01  ", "2026-12-02  "])
        #expect(try answer.text(as: .csv).contains("2026-11-30T23:00:00Z"))
        let hours = try days(.hour, from: 1_796_079_600, days: 1, zone: "Europe/Berlin").text(as: .markdown)
        #expect(hours.contains("| 2026-12-01 00:00 |") && hours.contains("| 2026-12-01 23:00 |"))
    }

    @Test func `an hour that clocks show twice is told apart`() throws {
        // 25 October 2026 in Berlin has 25 hours.
        let text = try days(.hour, from: 1_792_879_200, days: 1, zone: "Europe/Berlin").text(as: .table)
        #expect(text.contains("2026-10-25T00:00:00Z") && text.contains("2026-10-25T01:00:00Z"))
    }

    @Test func `a mistyped dimension that no call carries is said to be one`() {
        let span = Timestamp(seconds: 0)..<Timestamp(seconds: 86_400)
        func answer(_ name: String, values: [String?]) -> SpendAnswer {
            let by = [Dimension(name)].compactMap(\.self)
            let rows = values.map { SpendRow(key: [$0], bucket: 0, sum: SpendSum()) }
            let table = SpendTable(query: SpendQuery(by: by, buckets: [span]), rows: rows, total: SpendSum())
            return SpendAnswer(table, span: span, zone: "UTC", hasGrain: false)
        }
        #expect(answer("tema", values: [nil]).slips(where: []) == ["no call carries 'tema'; did you mean 'team'?"])
        #expect(answer("tema", values: [nil, "x"]).slips(where: []).isEmpty)
        #expect(answer("launch", values: [nil]).slips(where: []).isEmpty)
        #expect(answer("team", values: [nil]).slips(where: []).isEmpty)
        let empty = answer("team", values: []).slips(where: ["modle=x", "team=y", "launch=z"])
        #expect(empty == ["no call carries 'modle'; did you mean 'model'?"])
    }

    @Test func `Markdown escapes what would break a row`() throws {
        #expect(try answer(costs: ["1"], team: ["a|b"]).text(as: .markdown).contains("| a\\|b |"))
    }
}
