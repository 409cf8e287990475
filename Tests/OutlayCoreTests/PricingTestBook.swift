import OutlayCore

/// A small book with one of each thing a book can say.
enum TestBook {
    static let start = Timestamp(seconds: 1_767_225_600)

    private static func money(_ dollars: String) -> Money {
        guard let money = Money(dollars: dollars) else { preconditionFailure("\(dollars) is no amount") }
        return money
    }

    static func perMillion(_ dollars: String) -> Rate {
        Rate(picodollars: money(dollars).picodollars, per: 1_000_000)
    }

    static func fee(_ dollars: String) -> Rate {
        Rate(picodollars: money(dollars).picodollars, per: 1000)
    }

    static func table(_ input: String, _ output: String) -> RateTable {
        RateTable(rates: [.input: perMillion(input), .output: perMillion(output)])
    }

    static var contents: BookContents {
        var acme = BookProvider(name: "acme", aliases: ["acme-cloud"])
        acme.fees = [.webSearch: fee("10")]
        acme.hasPathNames = true
        acme.context = [
            ContextRule(field: .serviceTier, values: [NamePattern("reserved")], meaning: .committed),
            ContextRule(field: .region, values: [NamePattern("global")]),
            ContextRule(field: .region, values: [NamePattern("*")], factor: Ratio(11, over: 10)),
            ContextRule(field: .apiHost, values: [NamePattern("eu.*")], factor: Ratio(11, over: 10)),
            ContextRule(field: .deploymentType, values: [NamePattern("secret")], meaning: .unknown),
        ]
        let reseller = BookProvider(name: "reseller", like: "acme")
        let other = BookProvider(name: "other")
        return BookContents(
            version: "test",
            context: [
                ContextRule(field: .serviceTier, values: ["default", "standard", "auto"].map(NamePattern.init))
            ],
            providers: [acme, reseller, other],
            models: [wide, tiered, twin("acme"), twin("other"), night],
            redirects: [
                ModelRedirect(provider: "acme", alias: "old", model: "wide", from: start.advanced(bySeconds: 86_400))
            ]
        )
    }

    static var book: PriceBook { PriceBook(contents) }

    /// Flat, cached and written tokens, modes, a change after 30 days.
    private static var wide: BookModel {
        var standard = table("2", "8")
        standard.rates[.cacheRead] = perMillion("0.5")
        standard.rates[.cacheWrite5m] = perMillion("2.5")
        let first = DatedPrice(standard: standard, modes: ["batch": table("1", "4"), "flex": table("1", "4")])
        let second = DatedPrice(from: start.advanced(bySeconds: 30 * 86_400), standard: table("4", "16"))
        var model = BookModel(
            provider: "acme",
            name: "wide",
            names: ["wide-latest", "wide-####-##-##", "wide-pro*"].map(NamePattern.init),
            prices: [first, second]
        )
        model.exceptions = [NamePattern("*-speech")]
        return model
    }

    private static var tiered: BookModel {
        let table = RateTable(
            rates: [.input: perMillion("1"), .output: perMillion("4"), .inputAudio: perMillion("9")],
            tiers: [
                ContextTier(border: 1000, isInclusive: false, rates: [.input: perMillion("2")]),
                ContextTier(border: 5000, isInclusive: true, rates: [.input: perMillion("3")]),
            ]
        )
        return BookModel(provider: "acme", name: "tiered", prices: [DatedPrice(standard: table)])
    }

    private static func twin(_ provider: String) -> BookModel {
        BookModel(provider: provider, name: "twin", prices: [DatedPrice(standard: table("1", "1"))])
    }

    /// Half price at night on weekdays, but not on 2026-01-01.
    private static var night: BookModel {
        let window = PriceWindow(
            name: "night",
            spans: [0..<240, 600..<601],
            weekdays: [1, 2, 3, 4, 5],
            holidays: [CivilDate(utc: start)],
            table: table("1", "4")
        )
        var model = BookModel(
            provider: "other",
            name: "night",
            prices: [DatedPrice(standard: table("2", "8"), windows: [window])]
        )
        model.minimums = [.output: 100]
        return model
    }
}
