import Foundation
import Glibc

/// An Outlay with its own data folder, in front of make-believe providers; everything ends with it.
final class Installation {
    let scratch: Scratch
    /// Where the upstreams of this installation are: `http://127.0.0.1:…`.
    let provider: String
    private(set) var server: Child
    private var ready: ReadyLine
    private let providerProcess: Child
    private let environment: [String: String]
    private let disk: SmallDisk?

    var gateway: String { ready.gateway }
    var web: String { ready.web }
    /// The receivers of telemetry.
    var otlpHTTP: String { ready.otlpHTTP ?? "" }
    var otlpGRPC: String { ready.otlpGRPC ?? "" }

    /// The data folder as this process reaches it.
    var data: String { (disk == nil ? "" : "/proc/\(server.pid)/root") + scratch.path("data") }
    /// The provider's own account: one JSON line per call it served.
    var bill: String { scratch.path("bill.jsonl") }

    static let providerKey = "sk-provider-canary-8f2d1c"

    private init(
        scratch: Scratch,
        provider: String,
        providerProcess: Child,
        environment: [String: String],
        disk: SmallDisk?,
        server: Child,
        ready: ReadyLine
    ) {
        self.scratch = scratch
        self.provider = provider
        self.providerProcess = providerProcess
        self.environment = environment
        self.disk = disk
        self.server = server
        self.ready = ready
    }

    /// Starts the sandbox provider with a bill, and Outlay in front of it.
    ///
    /// - Parameters:
    ///   - environment: further settings of Outlay, as its environment has them.
    ///   - disk: what the data folder is on, where it is to have a disk of its own.
    static func withSandbox(
        _ configuration: String = "",
        environment: [String: String] = [:],
        disk: SmallDisk? = nil
    ) async throws -> Installation {
        let scratch = try Scratch()
        let arguments = ["sandbox", "--listen", "127.0.0.1:0", "--bill", scratch.path("bill.jsonl")]
        let sandbox = try Child(Programs.outlay, arguments, in: scratch)
        return try await start(scratch, provider: sandbox, configuration, environment, disk)
    }

    /// Starts a script of this folder as the provider; its first line names its address.
    static func withProvider(
        script: String,
        _ arguments: [String],
        in scratch: Scratch,
        configuration: String = ""
    ) async throws -> Installation {
        let child = try Child(Programs.systemPython, Programs.script(script, arguments), in: scratch)
        return try await start(scratch, provider: child, configuration)
    }

    private static func start(
        _ scratch: Scratch,
        provider child: Child,
        _ configuration: String,
        _ environment: [String: String] = [:],
        _ disk: SmallDisk? = nil
    ) async throws -> Installation {
        let provider = try address(in: await child.line() ?? "", of: child)
        try scratch.write(upstreams(at: provider) + configuration, to: "outlay.yaml")
        let server = try serve(scratch, at: ReadyLine.anyPorts, environment, disk)
        let ready = try await server.firstLine(as: ReadyLine.self)
        return Installation(
            scratch: scratch,
            provider: provider,
            providerProcess: child,
            environment: environment,
            disk: disk,
            server: server,
            ready: ready
        )
    }

    private static func serve(
        _ scratch: Scratch,
        at addresses: [String],
        _ environment: [String: String],
        _ disk: SmallDisk?
    ) throws -> Child {
        let arguments = ["serve", "--data", scratch.path("data"), "--config", scratch.path("outlay.yaml")] + addresses
        let environment = environment.merging(["SANDBOX_KEY": providerKey]) { $1 }
        guard let disk else { return try Child(Programs.outlay, arguments, environment: environment, in: scratch) }
        return try disk.start(
            Programs.outlay,
            arguments,
            environment: environment,
            at: scratch.path("data"),
            in: scratch
        )
    }

    /// The first address in a ready line, whatever the member that holds it is called.
    private static func address(in line: String, of child: Child) throws -> String {
        guard let match = line.firstMatch(of: #/http://[0-9.]+:[0-9]+/#) else {
            throw Child.Failure(description: "no address in '\(line)': \(child.log.suffix(2000))")
        }
        return String(match.output)
    }

    private static func upstreams(at address: String) -> String {
        """
        upstreams:
          - { name: openai, dialect: openai, provider: openai, base_url: "\(address)/v1", key: "env:SANDBOX_KEY" }
          - { name: anthropic, dialect: anthropic, provider: anthropic, base_url: "\(address)", key: "env:SANDBOX_KEY" }
          - { name: gemini, dialect: gemini, provider: google, base_url: "\(address)", key: "env:SANDBOX_KEY" }
          - { name: compatible, dialect: openai-compatible, provider: openai, base_url: "\(address)/v1", key: "env:SANDBOX_KEY" }

        """
    }

    /// Starts Outlay again after its process ended, on the same addresses and data.
    func restart() async throws {
        server = try Self.serve(scratch, at: ready.flags, environment, disk)
        ready = try await server.firstLine(as: ReadyLine.self)
    }

    /// Ends Outlay as an operator does, and waits.
    func stop() async {
        server.signal(SIGTERM)
        await server.end()
    }
}

extension Installation {
    /// Runs a command against this installation.
    func outlay(_ arguments: String...) async throws -> Spoken {
        try await Spoken.by(Programs.outlay, arguments + ["--data", data], in: scratch)
    }

    func makeKey(_ name: String, _ options: String...) async throws -> String {
        let arguments = ["key", "create", "--name", name] + options + ["--format", "json", "--data", data]
        return try await Spoken.by(Programs.outlay, arguments, in: scratch).decoded(as: KeyReport.self).key
    }

    func spend(by dimensions: String, _ options: String...) async throws -> SpendReport {
        let arguments = ["spend", "--by", dimensions] + options + ["--format", "json", "--data", data]
        return try await Spoken.by(Programs.outlay, arguments, in: scratch).decoded()
    }

    func explain(_ call: String) async throws -> [CallReport] {
        try await outlay("explain", call, "--format", "json").decoded()
    }

    func verify() async throws -> VerifyReport {
        try await outlay("verify", "--json").decoded()
    }

    /// Sends one request through the gateway and reads the answer to its end.
    func call(_ path: String, key: String, headers: [(String, String)] = [], body: String) throws -> HTTP.Answer {
        try HTTP.exchange(request(path, key: key, headers: headers, body: body), with: gateway)
    }

    func request(_ path: String, key: String, headers: [(String, String)] = [], body: String) -> HTTP.Request {
        let own = [("authorization", "Bearer \(key)"), ("content-type", "application/json")]
        return HTTP.Request(path: path, headers: (own + headers).map { (name: $0.0, value: $0.1) }, body: body)
    }

    /// Runs one of the Python scripts with a bare interpreter and returns what it said.
    func script(_ name: String, _ arguments: String...) async throws -> Spoken {
        try await Spoken.by(Programs.systemPython, Programs.script(name, arguments), in: scratch)
    }
}
