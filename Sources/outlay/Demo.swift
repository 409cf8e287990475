internal import ArgumentParser
internal import OutlayApp

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look around: 90 days of plausible spend and a make-believe provider behind the gateway.",
        discussion: """
            Everything is made up from a seed, costs nothing and needs no account. The data folder is outlay-demo; \
            remove it to start afresh. With --once it prints the spend and ends.
            """
    )

    @OptionGroup var options: ServeOptions

    @Option(help: "The seed of the made-up spend.")
    var seed: UInt64 = 1

    @Flag(help: "Print the spend by team and model and end.")
    var once = false

    func run() async throws {
        try await DemoServer(settings: try options.settings(defaultData: "outlay-demo"), seed: seed).run(once: once)
    }
}

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run the make-believe provider alone, to try programs and gateways against.",
        discussion:
            "It speaks the OpenAI, Anthropic and Gemini APIs; Sources/OutlaySandbox/README.md lists its controls."
    )

    @Option(help: "Where it listens; port 0 picks a free one.")
    var listen = "127.0.0.1:7079"

    @Option(help: "A file to which one JSON line is appended per call that was served.")
    var bill: String?

    func run() async throws {
        guard let address = ListenAddress(listen) else {
            throw ValidationError("'\(listen)' is no address: write host:port, 127.0.0.1:7079.")
        }
        try await SandboxServer(address: address, bill: bill).run()
    }
}
