import OutlayCore
import OutlayWire
import Testing

/// What a price book file may say, and how it is refused.
@Suite struct PricesFileTests {
    private func book(price: String = #"{"rates": {"input": "1"}}"#, more: String = "") -> String {
        """
        {"schema": "outlay-prices/1", "version": "2030-01-01", "calendars": {"c": ["2030-01-01"]},
        "providers": [{"provider": "acme"}], \(more)
        "models": [{"provider": "acme", "model": "one", "prices": [\(price)]}]}
        """
    }

    @Test func `amounts are read exactly`() throws {
        let contents = try PriceBookJSON.read(
            book(price: #"{"rates": {"input": "0.0375"}, "fees": {"web_search": "2.5"}}"#)
        )
        let price = try #require(contents.models.first?.prices.first)

        #expect(price.standard.rates[.input] == Rate(picodollars: 37_500))
        #expect(price.fees[.webSearch] == Rate(picodollars: 2_500_000_000))
    }

    @Test func `a factor makes a mode of the standard rates, tiers included`() throws {
        let price = """
            {"rates": {"input": "2", "cache_read": "1"}, "tiers": [{"at_least": 100, "rates": {"input": "4"}}],
            "modes": {"batch": {"factor": "0.5", "rates": {"cache_read": "1"}}}}
            """
        let batch = try PriceBookJSON.read(book(price: price)).models.first?.prices.first?.modes["batch"]

        #expect(batch?.rates(promptTokens: 99)[.input] == Rate(picodollars: 1_000_000))
        #expect(batch?.rates(promptTokens: 100)[.input] == Rate(picodollars: 2_000_000))
        #expect(batch?.rates(promptTokens: 100)[.cacheRead] == Rate(picodollars: 1_000_000))
    }

    @Test(arguments: [
        (#"{"rates": {"input": "cheap"}}"#, "models[0] (acme one) prices[0].rates.input", "not an amount"),
        (#"{"rates": {"input": "-1"}}"#, "models[0] (acme one) prices[0].rates.input", "not an amount"),
        (#"{"rates": {"input": 1.5}}"#, "models[0].prices[0].rates.input", "string"),
        (#"{"from": "soon", "rates": {"input": "1"}}"#, "prices[0].from", "not a date"),
        (#"{}"#, "prices[0]", "no rates"),
        (#"{"rates": {"input": "1"}, "tiers": [{"rates": {"input": "2"}}]}"#, "tiers[0]", "at_least"),
        (#"{"rates": {"input": "1"}, "modes": {"flex": {}}}"#, "modes.flex", "neither"),
        (#"{"rates": {"input": "1"}, "modes": {"flex": {"factor": "half"}}}"#, "modes.flex", "no decimal"),
        (
            #"{"rates": {"input": "1"}, "windows": [{"name": "p", "utc": ["9-8"], "weekdays": [1], "rates": {}}]}"#,
            "windows[0].utc[0]", "time span"
        ),
        (
            #"{"rates": {"input": "1"}, "windows": [{"name": "p", "utc": [], "weekdays": [8], "rates": {}}]}"#,
            "windows[0]", "weekdays"
        ),
        (#"{"rates": {"input": "1"}}, {"rates": {"input": "2"}}"#, "models[0] (acme one)", "order of their dates"),
    ])
    func `a wrong price names its entry`(price: String, entry: String, problem: String) {
        expectRefusal(of: book(price: price), entry: entry, problem: problem)
    }

    @Test func `a file that is no book is refused`() {
        expectRefusal(of: "", entry: "the file", problem: "JSON")
        expectRefusal(of: "{}", entry: "the file", problem: "schema")
        let other = book().replacing("outlay-prices/1", with: "outlay-prices/9")
        expectRefusal(of: other, entry: "schema", problem: "outlay-prices/1")
    }

    @Test(arguments: [
        (
            #""redirects": [{"provider": "acme", "alias": "a", "to": "b", "from": "2030-01-01"}],"#, "redirects[0]",
            "no model"
        ),
        (#""context": [{"field": "mood", "is": ["*"]}],"#, "context[0]", "service_tier"),
    ])
    func `a name the book does not have is refused`(more: String, entry: String, problem: String) {
        expectRefusal(of: book(more: more), entry: entry, problem: problem)
    }

    @Test func `a model listed twice or of no provider is refused`() {
        let twice = book().replacing(
            "\"models\": [",
            with: "\"models\": [{\"provider\": \"acme\", \"model\": \"one\", "
                + "\"prices\": [{\"rates\": {\"input\": \"1\"}}]}, "
        )
        expectRefusal(of: twice, entry: "models[1] (acme one)", problem: "twice")
        let orphan = book().replacing("\"providers\": [{\"provider\": \"acme\"}]", with: "\"providers\": []")
        expectRefusal(of: orphan, entry: "models[0]", problem: "provider")
    }

    private func expectRefusal(of text: String, entry: String, problem: String) {
        do {
            _ = try PriceBookJSON.read(text)
            Issue.record("was taken: \(text)")
        } catch {
            #expect(error.entry.contains(entry), "\(error)")
            #expect(error.problem.contains(problem), "\(error)")
        }
    }
}
