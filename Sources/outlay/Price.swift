internal import ArgumentParser
internal import Foundation
internal import OutlayApp
internal import OutlayWire

struct Price: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at prices, price an answer, take in a newer price book, price history again.",
        subcommands: [List.self, Show.self, Rate.self, Update.self, Rerate.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the rates in force, in dollars per million.")

        @Option(help: "Only models whose name contains this.") var model = ""
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @Option(help: "A YAML file or folder whose own prices count too (OUTLAY_CONFIG).") var config: String?

        func run() async throws {
            let prices = try OfflinePrices(configuration: config).list(matching: model)
            print(try TextTable.text(of: prices, as: format, table: Self.table), terminator: "")
        }

        private static func table(_ prices: [PriceAnswer]) -> TextTable {
            let units = ["input", "cache_read", "output"]
            var table = TextTable(
                columns: [.init("provider"), .init("model")] + units.map { .init($0, .right) } + [.init("next change")]
            )
            table.rows = prices.map { price in
                [price.provider, price.model] + units.map { price.perMillion[$0] ?? "" } + [price.next ?? ""]
            }
            return table
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show everything the book knows about one model.")

        @Argument(help: "The model's name, or a part of it.") var model: String
        @Option(help: "A YAML file or folder whose own prices count too (OUTLAY_CONFIG).") var config: String?

        func run() async throws {
            let prices = try OfflinePrices(configuration: config).list(matching: model)
            guard !prices.isEmpty else {
                throw Exit(Exit.error, "no model contains '\(model)': list them with outlay price list")
            }
            for price in prices {
                print("\(price.provider) \(price.model)\(price.from.map { ", since \($0)" } ?? "")")
                for (unit, rate) in price.perMillion.sorted(by: { $0.key < $1.key }) {
                    print("  \(unit.padding(toLength: 20, withPad: " ", startingAt: 0)) $\(rate) per million")
                }
                for variant in price.variants { print("  \(variant)") }
                if let next = price.next { print("  next: \(next)") }
            }
        }
    }

    struct Rate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price a provider's answer from a file, offline.",
            discussion: """
                Example:
                  outlay price rate --provider openai --api chat.completions \\
                    --model gpt-5-mini --response answer.json

                The total is null when nothing could be priced; the state says rated, partial or unpriced.
                """
        )

        @Option(help: "openai, anthropic, google, azure, aws, groq …") var provider: String
        @Option(help: "chat.completions, responses, messages, generateContent …") var api: String
        @Option(help: "The model, where the answer does not name it.") var model: String?
        @Option(help: "When the call was made, RFC 3339 (default: now).") var at: String?
        @Option(help: "service_tier=flex, processing=batch, deployment_type=… May be given several times.")
        var context: [String] = []
        @Option(help: "The file with the answer's body: JSON, or a stream of server-sent events.") var response: String
        @Option(help: "The file with the request's body, for what answers do not say (speech: characters of input).")
        var request: String?
        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @Option(help: "A YAML file or folder with own prices and discounts (OUTLAY_CONFIG).") var config: String?

        func run() async throws {
            var call = OfflinePrices.Call(provider: provider, api: api, model: model, at: at, context: context)
            OfflinePrices.unknownContext(context).forEach(Self.warn)
            call.request = try request.map { try Self.bytes(of: $0) }
            let prices = try OfflinePrices(configuration: config)
            let answer = try prices.rate(try Self.bytes(of: response), of: call)
            prices.unknownName(in: answer, of: call).map(Self.warn)
            print(try answer.text(as: format), terminator: "")
        }

        private static func warn(_ text: String) {
            FileHandle.standardError.write(Data("warning: \(text)\n".utf8))
        }

        private static func bytes(of path: String) throws -> [UInt8] {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Exit(Exit.usage, "cannot read \(path)")
            }
            return Array(data)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in a newer price book and show what it changes in money.",
            discussion: """
                The signature is looked for beside the book (FILE.sig, 64 bytes of Ed25519, base 64) and checked \
                against OUTLAY_BOOK_PUBLIC_KEY of the server. Without a trusted key the book is taken as it is, and says so.
                """
        )

        @Argument(help: "A file or an https address.") var book: String
        @Flag(help: "Only show what would change.") var dryRun = false
        @OptionGroup var server: ServerOptions

        private struct Request: Encodable {
            var book: String
            var signature: [UInt8]?
            var dryRun: Bool
        }

        func run() async throws {
            let (bytes, signature) = try await BookSource(book).read()
            let request = Request(book: String(decoding: bytes, as: UTF8.self), signature: signature, dryRun: dryRun)
            let answer: PriceUpdateAnswer = try await server.withAPI { try await $0.post("prices", request) }
            print("book \(answer.previous) → \(answer.version)\(answer.isSigned ? ", signed" : ", not signed")")
            for change in answer.changes { print("  \(change)") }
            print("the last 30 days would have cost $\(answer.effectUSD) more")
            print(answer.isApplied ? "applied" : "nothing was changed")
        }
    }

    struct Rerate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Price again what was booked; differences are posted as reversing pairs.",
            discussion: "Use it after a missing price arrived: outlay price rerate --from 2026-11"
        )

        @Option(help: "A month, a day or an instant.") var from: String?
        @Option(help: "A month, a day or an instant; a month or day is included.") var to: String?
        @Flag(help: "Only show what would change.") var dryRun = false
        @OptionGroup var server: ServerOptions

        private struct Request: Encodable {
            var from: String?
            var to: String?
            var dryRun: Bool
        }

        func run() async throws {
            let request = Request(from: from, to: to, dryRun: dryRun)
            let answer: RerateAnswer = try await server.withAPI { try await $0.post("rerate", request) }
            print("\(answer.events) events, \(answer.changed) priced otherwise, difference $\(answer.differenceUSD)")
            print(answer.isApplied ? "corrections posted" : "nothing was changed")
        }
    }
}
