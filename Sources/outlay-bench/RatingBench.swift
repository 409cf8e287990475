internal import ArgumentParser
internal import OutlayCore
internal import OutlayWire

struct RatingBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rating",
        abstract: "Look up a price and rate a call, over every model of the built-in book."
    )

    @Option(help: "How many calls.") var calls = 1_000_000

    func run() throws {
        let book = PriceBook(try PriceBookJSON.read(EmbeddedBook.json))
        let models = book.contents.models.map { ($0.provider, $0.name) }
        let parts = [UsagePart(usage: [.input: 4808, .cacheRead: 1024, .output: 250])]
        let at = Timestamp(seconds: 1_795_176_000)
        var sum = Money.zero
        let start = cpuSeconds()
        for index in 0..<calls {
            let (provider, model) = models[index % models.count]
            let rating = book.rate(
                parts,
                provider: provider,
                api: "chat.completions",
                model: model,
                at: at,
                context: RatingContext()
            )
            sum = sum + (rating.total ?? .zero)
        }
        report("rating_cpu_per_call", (cpuSeconds() - start) / Double(calls) * 1e6, "us")
        report("rating_sum", Double(sum.picodollars / 1_000_000) / 1e6, "usd")
    }
}
