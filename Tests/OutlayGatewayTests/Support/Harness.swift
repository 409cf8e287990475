import Logging
import OutlayCore
import OutlayGateway
import ServiceLifecycle
import Synchronization
import Testing

/// A gateway in front of a scripted provider, for the length of one test.
struct Harness: Sendable {
    let port: Int
    let book: RecordingBook
    let upstream: ChaosUpstream
    let metrics: GatewayMetrics
    let snapshots: SnapshotBox
    private let group: ServiceGroup

    static let clientKey = "olk_client"
    static let providerKey = "sk-provider-canary"
    static let now = Timestamp(seconds: 1_790_000_000)

    /// What a test may change before the gateway starts.
    struct Setup {
        var dialect = Upstream.Dialect.openai
        var provider = "openai"
        var rules = KeyRules(name: "ci", tags: [.team: "growth"])
        var limits = GatewayLimits()
        var isStrict = false
        var gate: any CallGate = OpenGate()
        var upstreams: @Sendable ([Upstream]) -> [Upstream] = { $0 }
        var isEager = false
        var revokedAt: Timestamp?
        var certificate: (chain: String, key: String)?
        var providerKey = Harness.providerKey
        var aids = GatewaySnapshot.Aids()

        init() {
            // A busy machine is no slow client; tests of slow ones say how slow.
            limits.times.header = 60_000
            limits.times.bodyGrace = 60_000
            limits.times.shutdown = 2000
        }
    }

    static func run(
        _ change: (inout Setup) -> Void = { _ in },
        script: @escaping ChaosUpstream.Script,
        test: @escaping @Sendable (Harness) async throws -> Void
    ) async throws {
        var setup = Setup()
        change(&setup)
        let upstream = ChaosUpstream(isEager: setup.isEager, script: script)
        let upstreamPort = try await upstream.start()
        let book = RecordingBook()
        let metrics = GatewayMetrics()
        let snapshots = SnapshotBox(try snapshot(setup, upstreamPort: upstreamPort))
        var seams = GatewaySeams(book: book, digest: digest, now: { now }, random: counter())
        seams.gate = setup.gate
        let (addresses, found) = AsyncStream.makeStream(of: BoundAddress.self)
        let server = GatewayServer(
            listener: GatewayListener(port: 0, certificate: setup.certificate, loops: 1, isStrict: setup.isStrict),
            snapshots: snapshots,
            seams: seams,
            metrics: metrics
        ) { address in
            found.yield(address)
            found.finish()
        }
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let address = try #require(await addresses.first { _ in true })
            let harness = Harness(
                port: address.port,
                book: book,
                upstream: upstream,
                metrics: metrics,
                snapshots: snapshots,
                group: group
            )
            do {
                try await test(harness)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await upstream.stop()
    }

    private static func snapshot(_ setup: Setup, upstreamPort: Int) throws -> GatewaySnapshot {
        let base = setup.dialect == .openai ? "/v1" : ""
        var first = Upstream(
            name: "openai",
            dialect: setup.dialect,
            provider: setup.provider,
            baseURL: "http://127.0.0.1:\(upstreamPort)\(base)",
            key: .environment("KEY")
        )
        first.cancelStopsBilling = nil
        let upstreams = setup.upstreams([first])
        let credentials = upstreams.filter { $0.key != .client && $0.key != .none }
            .map { ($0.name, ProviderCredential(setup.providerKey)) }
        let key = StoredKey(
            id: "key_1",
            digest: digest(Array(clientKey.utf8).span),
            prefix: "olk_client",
            rules: setup.rules,
            createdAt: Timestamp(seconds: 0),
            revokedAt: setup.revokedAt
        )
        return try GatewaySnapshot(
            number: 1,
            upstreams: upstreams,
            credentials: Dictionary(uniqueKeysWithValues: credentials),
            keys: [key],
            tariff: (pricing: FlatPricing(), attributing: PlainAttributing()),
            aids: setup.aids,
            limits: setup.limits
        )
    }

    /// Stands in for SHA-256: what matters here is that keys are looked up by it.
    @Sendable static func digest(_ key: Span<UInt8>) -> KeyDigest {
        var hash: UInt128 = 0xcbf2_9ce4_8422_2325
        for index in key.indices { hash = (hash ^ UInt128(key[index])) &* 0x0100_0000_01b3 }
        return KeyDigest(high: hash, low: UInt128(key.count))
    }

    private static func counter() -> @Sendable () -> UInt64 {
        let next = Mutex<UInt64>(0)
        return {
            next.withLock { number in
                number += 1
                return number
            }
        }
    }

    // MARK: - What tests do

    /// Begins a shutdown, and returns once the gateway knows of it.
    func stop() async {
        await group.triggerGracefulShutdown()
        while !metrics.isStopping { await Task.yield() }
    }

    func connect(isReading: Bool = true) async throws -> Peer {
        try await Peer.connect(port: port, isReading: isReading)
    }

    /// Sends one request on a connection of its own and returns the whole answer.
    func call(_ request: String) async throws -> Answer {
        let peer = try await connect()
        peer.send(request)
        let answer = await peer.answer(isHead: request.hasPrefix("HEAD"))
        peer.close()
        return answer
    }
}

/// A request as a client would write it.
func post(_ path: String, _ body: String, fields: [String] = [], key: String? = Harness.clientKey) -> String {
    let lines =
        ["POST \(path) HTTP/1.1", "Host: gateway", "Content-Type: application/json"]
        + ["Content-Length: \(body.utf8.count)"] + (key.map { ["Authorization: Bearer \($0)"] } ?? []) + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}

func get(_ path: String, fields: [String] = [], method: String = "GET") -> String {
    (["\(method) \(path) HTTP/1.1", "Host: gateway", "Authorization: Bearer \(Harness.clientKey)"] + fields)
        .joined(separator: "\r\n") + "\r\n\r\n"
}

/// An answer as a provider would write it.
func json(_ body: String, status: String = "200 OK", fields: [String] = []) -> String {
    (["HTTP/1.1 \(status)", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"] + fields)
        .joined(separator: "\r\n") + "\r\n\r\n" + body
}

func eventStream(_ chunks: [String], isEnded: Bool = true) -> String {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + chunks.map(chunk).joined() + (isEnded ? "0\r\n\r\n" : "")
}

func chunk(_ text: String) -> String {
    "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
}

/// Bodies of the OpenAI chat API.
enum Chat {
    static let request = #"{"model":"known-model","messages":[{"role":"user","content":"Hello there"}]}"#
    static let streamRequest =
        #"{"model":"known-model","stream":true,"messages":[{"role":"user","content":"Hello there"}]}"#
    static let answer =
        #"{"id":"chatcmpl-1","object":"chat.completion","model":"known-model-1","choices":[{"index":0,"#
        + #""message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#

    static func delta(_ text: String, usage: String = "") -> String {
        #"data: {"id":"chatcmpl-1","model":"known-model-1","choices":[{"index":0,"#
            + #""delta":{"content":"\#(text)"}}]\#(usage)}"#
            + "\n\n"
    }

    static let finish =
        #"data: {"id":"chatcmpl-1","model":"known-model-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        + "\n\n"
    static let usage =
        #"data: {"id":"chatcmpl-1","model":"known-model-1","choices":[],"#
        + #""usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"# + "\n\n"
    static let done = "data: [DONE]\n\n"
    static let path = "/openai/v1/chat/completions"
}
