/// How one process runs: folders, addresses, limits.
///
/// Governance lives in the configuration files instead.
/// Every value is a flag of `outlay serve` and an `OUTLAY_…` environment variable; the flag wins.
package struct Settings: Sendable {
    /// The folder that holds the ledger, the journal, the master key and the administrator's token.
    package var dataFolder: String
    /// A YAML file or a folder of them.
    package var configuration: String?
    package var web = ListenAddress(host: "127.0.0.1", port: 7070)
    package var gateway = ListenAddress(host: "127.0.0.1", port: 7071)
    /// Where telemetry comes in over HTTP; `nil` leaves that door closed.
    package var otlpHTTP: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 4318)
    /// Where telemetry comes in over gRPC; `nil` leaves that door closed.
    package var otlpGRPC: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 4317)
    /// PEM files; all ports speak TLS when they are given.
    package var certificate: String?
    package var privateKey: String?
    /// Allows a listener that others can reach to speak plain HTTP.
    package var allowsPlainPublic = false
    /// Holds the last bytes of each answer until its event is durable.
    package var isStrict = false
    /// The largest request body in bytes.
    package var bodyBytesMax = 32 << 20
    /// The largest telemetry request in bytes, inflated.
    package var otlpBodyBytesMax = 20 << 20
    /// Connections to the gateway that one address may have open.
    package var connectionsPerAddress = 1000
    /// Base 64 of the Ed25519 key whose price books are trusted.
    package var bookPublicKey: String?
    package var logLevel = "info"

    package init(dataFolder: String) {
        self.dataFolder = dataFolder
    }

    package var masterKeyPath: String { dataFolder + "/master.key" }
    package var adminTokenPath: String { dataFolder + "/admin-token" }
    package var ledgerPath: String { dataFolder + "/ledger.sqlite" }
    package var journalFolder: String { dataFolder + "/journal" }
    package var addressesPath: String { dataFolder + "/server.json" }
    package var bookPath: String { dataFolder + "/prices.json" }
    package var hasTLS: Bool { certificate != nil && privateKey != nil }
    /// Every address that is listened on, with the flag that chooses it.
    var listeners: [(address: ListenAddress, flag: String)] {
        let telemetry = [(otlpHTTP, "--otlp-http"), (otlpGRPC, "--otlp-grpc")]
        return [(web, "--web"), (gateway, "--gateway")] + telemetry.compactMap { door in door.0.map { ($0, door.1) } }
    }
}

/// `host:port` to listen on; port 0 picks a free one.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:7070`, `[::1]:7070` or `:7070`.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.init(host: host.isEmpty ? "0.0.0.0" : host, port: Int(port))
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    package var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    func url(isSecure: Bool) -> String {
        "\(isSecure ? "https" : "http")://\(self)"
    }
}
