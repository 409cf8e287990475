import Foundation
import OutlayCore
import OutlayWire
import Testing

/// Rules every entry of the shipped book keeps.
@Suite struct PricesBookTests {
    static let contents = ShippedBook.contents
    static let book = ShippedBook.book

    @Test func `the embedded book is the book in the repository`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try String(contentsOf: root.appending(path: "prices/book.json"), encoding: .utf8)

        #expect(EmbeddedBook.json + "\n" == file, "run prices/embed.sh")
    }

    @Test func `every model is found by its own name, by each other name and by a name of each pattern`() {
        for model in Self.contents.models {
            for name in [model.name] + model.names.map(Self.example) {
                let found = Self.book.entry(for: name, of: model.provider, at: Self.day(of: model))
                #expect(found?.name == model.name, "\(model.provider) \(name)")
            }
        }
    }

    @Test func `each tier begins exactly at its border`() {
        var borders = 0
        for model in Self.contents.models {
            for (mode, table) in model.prices.flatMap(Self.tables) {
                for tier in table.tiers {
                    let name = "\(model.name) \(mode ?? "") at \(tier.border)"
                    #expect(table.rates(promptTokens: tier.firstToken) == tier.rates, "\(name)")
                    #expect(table.rates(promptTokens: tier.firstToken - 1) != tier.rates, "\(name)")
                    borders += 1
                }
            }
        }
        #expect(borders >= 80)
    }

    @Test func `a call on either side of a border is rated whole by its own tier`() throws {
        for model in Self.contents.models {
            let price = try #require(model.prices.last)
            for tier in price.standard.tiers {
                for tokens in [tier.firstToken - 1, tier.firstToken] {
                    let rating = Self.rate([.input: tokens], model)
                    let rate = price.standard.rates(promptTokens: tokens)[.input]
                    #expect(rating.lines.map(\.listRate) == [rate], "\(model.name) at \(tokens)")
                }
            }
        }
    }

    @Test func `cached and written tokens count toward the tier`() throws {
        let model = try #require(Self.contents.models.first { $0.name == "claude-haiku-5-5" })
        let rating = Self.rate([.input: 1, .cacheRead: 60_000, .cacheWrite1h: 40_000], model)

        #expect(rating.lines.first?.displayRatePerMillion == "0.5")
    }

    @Test func `a batch never costs more than the same tokens at once`() {
        var compared = 0
        for model in Self.contents.models {
            guard let price = model.prices.last, price.modes["batch"] != nil else { continue }
            for size: Int64 in [1000, 150_000, 300_000] {
                let usage: Usage = [.input: size, .cacheRead: size / 4, .output: size / 10]
                let (batch, standard) = (Self.rate(usage, model, mode: "batch"), Self.rate(usage, model))
                if let batch = batch.total, let standard = standard.total {
                    #expect(batch <= standard, "\(model.name) \(size)")
                    compared += 1
                }
            }
        }
        #expect(compared >= 200)
    }

    @Test func `a price without tiers is additive`() {
        var generator = SplitMix(seed: 7)
        for model in Self.contents.models where model.minimums.isEmpty {
            guard let price = model.prices.last, price.standard.tiers.isEmpty else { continue }
            let first = Self.usage(of: price, by: &generator)
            let second = Self.usage(of: price, by: &generator)
            let parts = Self.rate(first, model).lines + Self.rate(second, model).lines
            let split = parts.reduce(Money.zero) { $0 + $1.amount }
            let whole = Self.rate(Usage(first.counts + second.counts), model).total ?? .zero
            let rounded = parts.count { $0.rate.denominator > 1 }
            #expect((whole - split).picodollars.magnitude <= UInt128(rounded), "\(model.name)")
        }
    }

    @Test func `the lines of a call add up to its total in every mode`() {
        var generator = SplitMix(seed: 11)
        for model in Self.contents.models {
            guard let price = model.prices.last else { continue }
            for mode in [nil] + price.modes.keys.sorted().map(Optional.some) {
                let rating = Self.rate(Self.usage(of: price, by: &generator), model, mode: mode)
                #expect(rating.total == rating.lines.reduce(Money.zero) { $0 + $1.amount })
                #expect(rating.state == .rated, "\(model.name) \(mode ?? "")")
            }
        }
    }

    @Test func `no rate is negative and every model has one`() {
        for model in Self.contents.models {
            for price in model.prices {
                let rates = Self.tables(of: price).flatMap { Array($0.table.rates.values) }
                #expect(rates.allSatisfy { $0.picodollars >= 0 }, "\(model.name)")
                #expect(!rates.isEmpty || !price.fees.isEmpty, "\(model.name)")
            }
        }
    }

    @Test func `the book carries every model of its facts`() {
        #expect(Self.contents.models.count == 147)
        #expect(Self.book.version == "2026-11-21")
    }
}

extension PricesBookTests {
    static func tables(of price: DatedPrice) -> [(mode: String?, table: RateTable)] {
        [(nil, price.standard)] + price.modes.map { ($0.key, $0.value) } + price.windows.map { ($0.name, $0.table) }
    }

    /// Noon of a Saturday, while the model's last price is in force and it is not retired.
    static func day(of model: BookModel) -> Timestamp {
        let anyDay = Timestamp(seconds: 1_700_308_800)
        return model.prices.last?.from.map { $0.advanced(bySeconds: 43_200) } ?? anyDay
    }

    static func rate(_ usage: Usage, _ model: BookModel, mode: String? = nil) -> Rating {
        var context = RatingContext()
        if mode == "batch" {
            context.processing = mode
        } else if model.provider == "anthropic" {
            context.speed = mode
        } else {
            context.serviceTier = mode
        }
        return book.rate(
            [UsagePart(usage: usage)],
            provider: model.provider,
            api: "chat.completions",
            model: model.name,
            at: day(of: model),
            context: context
        )
    }

    static func usage(of price: DatedPrice, by generator: inout SplitMix) -> Usage {
        Usage(price.standard.rates.keys.sorted().map { UnitCount($0, Int64.random(in: 1...50_000, using: &generator)) })
    }

    /// A name that the pattern means: a digit for `#`, nothing for `*`.
    static func example(of pattern: NamePattern) -> String {
        String(pattern.text.compactMap { $0 == "#" ? "1" : $0 == "*" ? nil : $0 })
    }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
