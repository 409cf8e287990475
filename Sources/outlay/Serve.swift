internal import ArgumentParser
internal import OutlayApp

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway, the receivers of telemetry, the API and the pages.",
        discussion: """
            When it accepts connections it prints one JSON line on standard output:
              {"ready":true,"web":…,"gateway":…,"otlp_http":…,"otlp_grpc":…}
            Everything else goes to standard error. The first start writes the administrator's token to DIR/admin-token \
            and prints a one-time sign-in link. Each flag is also an environment variable: --web is OUTLAY_WEB.

            Without a configuration the upstreams are openai, anthropic and gemini, with the keys of OPENAI_API_KEY, \
            ANTHROPIC_API_KEY and GEMINI_API_KEY.
            """
    )

    @OptionGroup var options: ServeOptions

    func run() async throws {
        try await Server(settings: try options.settings()).run()
    }
}

/// The flags of a process that serves.
struct ServeOptions: ParsableArguments {
    @Option(help: "The folder for the ledger and everything else (default: outlay-data).")
    var data: String?

    @Option(help: "A YAML file or a folder of them; changes are taken in while it runs.")
    var config: String?

    @Option(help: "Where the API and the pages listen (default: 127.0.0.1:7070; port 0 picks a free one).")
    var web: String?

    @Option(help: "Where the gateway listens (default: 127.0.0.1:7071).")
    var gateway: String?

    @Option(help: "Where telemetry comes in as OTLP over HTTP (default: 127.0.0.1:4318; off opens none).")
    var otlpHttp: String?

    @Option(help: "Where telemetry comes in as OTLP over gRPC (default: 127.0.0.1:4317; off opens none).")
    var otlpGrpc: String?

    @Option(help: "A PEM file with the certificate chain; all ports then speak TLS.")
    var tlsCertificate: String?

    @Option(help: "A PEM file with the certificate's private key.")
    var tlsPrivateKey: String?

    @Flag(help: "Listen on addresses others can reach without TLS, behind a proxy that adds it.")
    var allowPlainPublic = false

    @Flag(help: "Hold the last bytes of each answer until its event is on disk.")
    var strict = false

    @Option(help: "The largest request body in MiB (default: 32).")
    var bodyMib: Int?

    @Option(help: "The largest telemetry request in MiB, inflated (default: 20).")
    var otlpBodyMib: Int?

    @Option(help: "Connections one address may have open to the gateway, beside this machine's own (default: 1000).")
    var connectionsPerAddress: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    func settings(defaultData: String? = nil) throws -> Settings {
        var flags: Settings.Flags = [:]
        flags["DATA"] = data
        flags["CONFIG"] = config
        flags["WEB"] = web
        flags["GATEWAY"] = gateway
        flags["OTLP_HTTP"] = otlpHttp
        flags["OTLP_GRPC"] = otlpGrpc
        flags["TLS_CERTIFICATE"] = tlsCertificate
        flags["TLS_PRIVATE_KEY"] = tlsPrivateKey
        flags["ALLOW_PLAIN_PUBLIC"] = allowPlainPublic ? "true" : nil
        flags["STRICT"] = strict ? "true" : nil
        flags["BODY_MIB"] = bodyMib.map(String.init)
        flags["OTLP_BODY_MIB"] = otlpBodyMib.map(String.init)
        flags["CONNECTIONS_PER_ADDRESS"] = connectionsPerAddress.map(String.init)
        flags["LOG_LEVEL"] = logLevel
        return try Settings(flags: flags, defaultData: defaultData)
    }
}
