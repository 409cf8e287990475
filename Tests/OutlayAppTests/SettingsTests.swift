import OutlayApp
import OutlayCore
import Testing

struct SettingsTests {
    @Test func `a flag wins over the environment and the environment over the default`() throws {
        let environment = ["OUTLAY_WEB": "127.0.0.1:1", "OUTLAY_GATEWAY": "127.0.0.1:2"]
        let settings = try Settings(flags: ["WEB": "127.0.0.1:0"], environment: environment)
        #expect(settings.web == ListenAddress(host: "127.0.0.1", port: 0))
        #expect(settings.gateway.port == 2)
        #expect(settings.dataFolder == "outlay-data")
    }

    @Test func `a listener others can reach needs TLS or an explicit flag`() throws {
        #expect(throws: StartFailure.self) { try Settings(flags: ["WEB": "0.0.0.0:7070"], environment: [:]) }
        #expect(throws: StartFailure.self) { try Settings(flags: ["GATEWAY": ":7071"], environment: [:]) }
        _ = try Settings(flags: ["WEB": "0.0.0.0:7070", "ALLOW_PLAIN_PUBLIC": "true"], environment: [:])
        _ = try Settings(
            flags: ["WEB": "0.0.0.0:7070", "TLS_CERTIFICATE": "a.pem", "TLS_PRIVATE_KEY": "b.pem"],
            environment: [:]
        )
        #expect(throws: StartFailure.self) { try Settings(flags: ["TLS_CERTIFICATE": "a.pem"], environment: [:]) }
    }

    @Test func `telemetry comes in on the ports of OTLP, elsewhere, or not at all`() throws {
        let standard = try Settings(flags: [:], environment: [:])
        #expect(standard.otlpHTTP == ListenAddress(host: "127.0.0.1", port: 4318))
        #expect(standard.otlpGRPC == ListenAddress(host: "127.0.0.1", port: 4317))
        #expect(standard.otlpBodyBytesMax == 20 << 20)
        let environment = ["OUTLAY_OTLP_HTTP": "127.0.0.1:1", "OUTLAY_OTLP_BODY_MIB": "64"]
        let chosen = try Settings(flags: ["OTLP_GRPC": "off"], environment: environment)
        #expect(chosen.otlpHTTP?.port == 1)
        #expect(chosen.otlpGRPC == nil)
        #expect(chosen.otlpBodyBytesMax == 64 << 20)
        for flags in [
            ["OTLP_HTTP": ":4318"], ["OTLP_GRPC": "0.0.0.0:4317"], ["OTLP_HTTP": "on"], ["OTLP_BODY_MIB": "0"],
        ] {
            #expect(throws: StartFailure.self) { try Settings(flags: flags, environment: [:]) }
        }
    }

    @Test(arguments: ["7070", "host:", "host:99999", "host:-1", ""])
    func `what is no address is refused`(_ text: String) {
        #expect(ListenAddress(text) == nil)
        #expect(throws: StartFailure.self) { try Settings(flags: ["WEB": text], environment: [:]) }
    }

    @Test(arguments: ["0", "-1", "many", "1000001"])
    func `a number of connections that is none is refused`(_ text: String) {
        #expect(throws: StartFailure.self) {
            try Settings(flags: ["CONNECTIONS_PER_ADDRESS": text], environment: [:])
        }
    }

    @Test func `a switch in the environment is true or false, and nothing else`() throws {
        for (text, isOn) in [("1", true), ("Yes", true), ("on", true), ("false", false), ("0", false), ("", false)] {
            #expect(try Settings(flags: [:], environment: ["OUTLAY_STRICT": text]).isStrict == isOn)
        }
        #expect(throws: StartFailure.self) { try Settings(flags: [:], environment: ["OUTLAY_STRICT": "maybe"]) }
    }

    @Test func `an address may be IPv6`() {
        #expect(ListenAddress("[::1]:7070") == ListenAddress(host: "::1", port: 7070))
        #expect(ListenAddress("[::1]:7070")?.isLoopback == true)
    }
}
