import OutlayCore
import OutlayGateway
import Testing

/// How the way to a provider is secured and led.
@Suite(.timeLimit(.minutes(1))) struct TransportTests {
    private static let fixtures =
        #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/tls"

    /// A gateway with TLS stands in for the provider of a second one.
    private func throughTLS(host: String, trusts: Bool, test: @escaping @Sendable (Answer, Harness) -> Void)
        async throws
    {
        let certificate = (chain: Self.fixtures + "/localhost.pem", key: Self.fixtures + "/localhost.key.pem")
        try await Harness.run({ $0.certificate = certificate }, script: { _ in [.send(json(Chat.answer))] }) {
            provider in
            try await Harness.run(
                { setup in
                    setup.upstreams = {
                        $0.map { upstream in
                            var secured = upstream
                            secured.baseURL = "https://\(host):\(provider.port)/openai/v1"
                            secured.certificateAuthorities = trusts ? certificate.chain : nil
                            return secured
                        }
                    }
                    setup.providerKey = Harness.clientKey
                },
                script: { _ in [] }
            ) { gateway in
                test(try await gateway.call(post(Chat.path, Chat.request)), provider)
                #expect(await gateway.book.settled(1).count == 1)
            }
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `an upstream is called over TLS under its own authority`(_ host: String) async throws {
        try await throughTLS(host: host, trusts: true) { answer, provider in
            #expect(answer.status == 200)
            #expect(answer.text == Chat.answer)
            #expect(provider.book.events.count == 1)
        }
    }

    @Test func `an upstream whose certificate nobody vouches for gets no request`() async throws {
        try await throughTLS(host: "localhost", trusts: false) { answer, provider in
            #expect(answer.status == 502)
            #expect(answer.text.contains("upstream_unreachable"))
            #expect(provider.book.intents.isEmpty)
        }
    }

    @Test func `an outbound proxy is asked for a tunnel to the provider and nothing else`() async throws {
        try await Harness.run(
            {
                $0.upstreams = {
                    $0.map { upstream in
                        var proxied = upstream
                        proxied.proxy = String(upstream.baseURL.dropLast(3))
                        proxied.baseURL = "http://provider.example:81/v1"
                        return proxied
                    }
                }
            },
            script: { request in
                request.index == 0 ? [.send("HTTP/1.1 200 Connected\r\n\r\n")] : [.send(json(Chat.answer))]
            }
        ) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer.text == Chat.answer)
            let requests = gateway.upstream.requests
            #expect(
                requests.map(\.line) == [
                    "CONNECT provider.example:81 HTTP/1.1", "POST /v1/chat/completions HTTP/1.1",
                ]
            )
            #expect(requests.first?["authorization"] == nil)
            #expect(requests.last?["host"] == "provider.example:81")
        }
    }

    @Test func `a proxy that refuses makes the provider unreachable`() async throws {
        try await Harness.run(
            {
                $0.upstreams = {
                    $0.map { upstream in
                        var proxied = upstream
                        proxied.proxy = String(upstream.baseURL.dropLast(3))
                        return proxied
                    }
                }
            },
            script: { _ in [.send("HTTP/1.1 403 Forbidden\r\n\r\n")] }
        ) { gateway in
            let answer = try await gateway.call(post(Chat.path, Chat.request))
            #expect(answer.status == 502)
            #expect(await gateway.book.settled(1).first?.metering.quality == .unbilled)
        }
    }

    @Test(arguments: [
        "ftp://a", "http://", "https://user@host", "https://host:0", "https://host:99999", "https://host/path?query",
        "https://host\\evil", "//host",
    ])
    func `an address that is no plain origin is refused with the upstream's name`(_ url: String) throws {
        let upstream = Upstream(name: "odd", dialect: .openai, provider: "openai", baseURL: url)
        #expect(throws: GatewayConfigurationError.badAddress(upstream: "odd", url: url)) {
            try GatewaySnapshot(
                number: 1,
                upstreams: [upstream],
                credentials: [:],
                keys: [],
                tariff: (pricing: FlatPricing(), attributing: PlainAttributing())
            )
        }
    }

    @Test func `a provider key prints as dots, whoever prints it`() {
        let credential = ProviderCredential("sk-canary")
        #expect("\(credential) \(String(reflecting: credential))" == "••• •••")
        var dumped = ""
        dump(credential, to: &dumped)
        #expect(!dumped.contains("canary"))
    }
}
