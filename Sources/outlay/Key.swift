internal import ArgumentParser
internal import Foundation
internal import OutlayApp
internal import OutlayWire

struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list, rotate and revoke client keys; keep provider keys.",
        subcommands: [Create.self, List.self, Rotate.self, Revoke.self, StoreProvider.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a client key; its secret is shown this once.",
            discussion:
                "outlay key create --name ci-bot --tag team=platform --allow feature=build,review --upstream openai"
        )

        @Option(help: "What the key is called.") var name: String
        @Option(help: "A locked tag, team=growth. May be given several times.") var tag: [String] = []
        @Option(help: "Allowed values, feature=build,review. May be given several times.") var allow: [String] = []
        @Option(help: "The workspace its calls belong to.") var workspace: String?
        @Option(help: "An upstream it may use. May be given several times; default: every one.") var upstream:
            [String] = []
        @Option(help: "A model it may use, `*` at the end for any rest. May be given several times.") var model:
            [String] = []
        @Option(help: "gateway, ingest or both.") var `for` = "both"
        @Option(help: "When it ends to be valid: a day, a month or an instant.") var expires: String?
        @Option(help: "text or json.") var format = "text"
        @OptionGroup var server: ServerOptions

        func validate() throws {
            guard ["text", "json"].contains(format) else { throw ValidationError("--format is text or json.") }
            for pair in tag + allow where !pair.contains("=") {
                throw ValidationError("'\(pair)' is no tag: write team=growth.")
            }
        }

        func run() async throws {
            var request = KeyRequest(name: name)
            request.workspace = workspace
            request.tags = Dictionary(tag.map(Self.pair), uniquingKeysWith: { $1 })
            request.allow = Dictionary(allow.map(Self.pair), uniquingKeysWith: { $0 + "," + $1 })
                .mapValues { $0.split(separator: ",").map(String.init) }
            request.upstreams = upstream
            request.models = model
            request.for = `for`
            request.expires = expires
            let body = request
            let answer: KeyAnswer = try await server.withAPI { try await $0.post("keys", body) }
            print(try format == "json" ? JSONText.pretty(answer) : Self.text(answer), terminator: "")
        }

        private static func pair(_ text: String) -> (String, String) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }

        private static func text(_ answer: KeyAnswer) -> String {
            "\(answer.key ?? "")\n\nThis is the only time the key is shown. Use it where the provider's key was.\n"
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List client keys, without their secrets.")

        @Option(help: "table, json, jsonl, csv or markdown.") var format = OutputFormat.table
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let keys: [KeyAnswer] = try await server.withAPI { try await $0.get("keys") }
            print(try TextTable.text(of: keys, as: format, table: Self.table), terminator: "")
        }

        private static func table(_ keys: [KeyAnswer]) -> TextTable {
            var table = TextTable(
                columns: ["id", "name", "prefix", "workspace", "tags", "state"].map { .init($0) }
            )
            table.rows = keys.map { key in
                let tags = key.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
                let state = key.revokedAt.map { "revoked \($0)" } ?? key.expires.map { "until \($0)" } ?? "valid"
                let prefix = key.prefix.isEmpty ? "" : key.prefix + "…"
                return [key.id, key.name, prefix, key.workspace, tags, state]
            }
            return table
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a key a new secret.")

        @Argument(help: "The key's id or name.") var key: String
        @Option(help: "How many seconds the old secret stays valid.") var grace: Int64 = 0
        @Option(help: "text or json.") var format = "text"
        @OptionGroup var server: ServerOptions

        private struct Request: Encodable {
            var grace: Int64
        }

        func run() async throws {
            let request = Request(grace: grace)
            let path = "keys/\(key.addingURLPathEscapes)/rotate"
            let answer: KeyAnswer = try await server.withAPI { try await $0.post(path, request) }
            print(try format == "json" ? JSONText.pretty(answer) : "\(answer.key ?? "")\n", terminator: "")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse a key from now on.")

        @Argument(help: "The key's id or name.") var key: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let path = "keys/\(key.addingURLPathEscapes)"
            try await server.withAPI { try await $0.delete(path) }
            print("revoked \(key)")
        }
    }

    struct StoreProvider: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "store-provider",
            abstract: "Keep a provider's key, encrypted; upstreams name it as `key: vault:NAME`.",
            discussion:
                "The key is read from standard input: printf %s \"$OPENAI_API_KEY\" | outlay key store-provider openai"
        )

        @Argument(help: "The name upstreams will use.") var name: String
        @OptionGroup var server: ServerOptions

        private struct Request: Encodable {
            var key: String
        }

        func run() async throws {
            let input = try FileHandle.standardInput.readToEnd() ?? Data()
            let text = String(decoding: input, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            let request = Request(key: text)
            let path = "provider-keys/\(name.addingURLPathEscapes)"
            try await server.withAPI { try await $0.put(path, request) }
            print("stored \(name)")
        }
    }
}

extension String {
    /// This text as one segment of a URL's path.
    var addingURLPathEscapes: String {
        addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting(CharacterSet(charactersIn: "/?#")))
            ?? self
    }
}
