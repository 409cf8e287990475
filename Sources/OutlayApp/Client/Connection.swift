internal import Foundation
internal import OutlayVault

/// Finds the installation a command means: a URL, the server of a data folder, or the folder itself.
package struct Connection: Sendable {
    private let data: String?
    private let url: String?

    package init(data: String?, url: String?) {
        self.data = data
        self.url = url
    }

    package static func dataFolder(_ flag: String?) -> String {
        flag ?? ProcessInfo.processInfo.environment["OUTLAY_DATA"] ?? "outlay-data"
    }

    package func withAPI<Result>(_ work: (APIClient) async throws -> Result) async throws -> Result {
        let environment = ProcessInfo.processInfo.environment
        if let url = url ?? (data == nil ? environment["OUTLAY_URL"] : nil) {
            return try await work(APIClient(url: url, token: Secret(environment["OUTLAY_TOKEN"] ?? "")))
        }
        var settings = Settings(dataFolder: Self.dataFolder(data))
        if let addresses = ServerAddresses.read(settings.addressesPath), let token = token(in: settings) {
            let client = APIClient(url: addresses.web, token: token, certificate: addresses.certificate)
            if await client.isAlive() {
                let result: Swift.Result<Result, any Error>
                do { result = .success(try await work(client)) } catch { result = .failure(error) }
                await client.close()
                return try result.get()
            }
            await client.close()
        }
        guard FileManager.default.fileExists(atPath: settings.ledgerPath) else {
            throw APIClient.Failure.unreachable(url: settings.dataFolder, reason: "the folder holds no ledger")
        }
        settings.configuration = environment["OUTLAY_CONFIG"]
        return try await Installation.withLocalAPI(settings, work)
    }

    private func token(in settings: Settings) -> Secret? {
        guard let text = try? String(contentsOfFile: settings.adminTokenPath, encoding: .utf8) else { return nil }
        return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// Where a running server listens: `DIR/server.json`, and the line `serve` prints when it is ready.
package struct ServerAddresses: Codable, Hashable, Sendable {
    package var ready: Bool
    package var web: String
    package var gateway: String
    /// The telemetry receivers; `null` where they are off.
    package var otlpHTTP: String?
    package var otlpGRPC: String?
    /// The PEM file of the certificate the server shows, for commands on the same machine; `nil` without TLS.
    package var certificate: String?

    private enum CodingKeys: String, CodingKey {
        case ready, web, gateway, certificate
        case otlpHTTP = "otlp_http"
        case otlpGRPC = "otlp_grpc"
    }

    package init(
        web: String,
        gateway: String,
        otlpHTTP: String? = nil,
        otlpGRPC: String? = nil,
        certificate: String? = nil
    ) {
        self.certificate = certificate
        ready = true
        self.web = web
        self.gateway = gateway
        self.otlpHTTP = otlpHTTP
        self.otlpGRPC = otlpGRPC
    }

    /// Written by hand because receivers that are off are `null`, not absent members.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ready, forKey: .ready)
        try container.encode(web, forKey: .web)
        try container.encode(gateway, forKey: .gateway)
        try container.encode(otlpHTTP, forKey: .otlpHTTP)
        try container.encode(otlpGRPC, forKey: .otlpGRPC)
        try container.encodeIfPresent(certificate, forKey: .certificate)
    }

    static func read(_ path: String) -> ServerAddresses? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(ServerAddresses.self, from: $0) }
    }
}
