internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOFoundationCompat
internal import NIOHTTP1
internal import NIOSSL
package import OutlayVault

/// Speaks the API of a running installation, for the command line.
package struct APIClient: Sendable {
    /// What went wrong, and with which exit code a command should end.
    package enum Failure: Error, Hashable, CustomStringConvertible {
        /// No server answered.
        case unreachable(url: String, reason: String)
        /// The token was missing or wrong.
        case unauthenticated(String)
        /// The server refused the request.
        case refused(code: String, message: String)

        package var description: String {
            switch self {
            case .unreachable(let url, let reason):
                "no Outlay answers at \(url) (\(reason)): start it with outlay serve, or set OUTLAY_URL or --data"
            case .unauthenticated(let message): message
            case .refused(_, let message): message
            }
        }
    }

    private let url: String
    private let token: Secret
    private let client: HTTPClient

    /// One client for the process; redirects are refused because they would carry the token elsewhere (S-02).
    static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

    private static var configuration: HTTPClient.Configuration {
        HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(3))
        )
    }

    /// - Parameter certificate: a PEM file to trust besides the system's authorities, whatever name it carries: the
    ///   certificate of a server on this machine, which is called by its address.
    package init(url: String, token: Secret, certificate: String? = nil) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
        guard let certificate else {
            client = Self.client
            return
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.additionalTrustRoots = [.file(certificate)]
        tls.certificateVerification = .noHostnameVerification
        var configuration = Self.configuration
        configuration.tlsConfiguration = tls
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes connections of its own; a client made for one command is shut down after it.
    func close() async {
        guard client !== Self.client else { return }
        try? await client.shutdown()
    }

    /// Whether a server answers there.
    func isAlive() async -> Bool {
        let answer = try? await client.execute(HTTPClientRequest(url: url + "/health"), timeout: .seconds(2))
        return answer?.status == .ok
    }

    package func get<Answer: Decodable>(_ path: String, _ query: [(String, String)] = []) async throws -> Answer {
        try read(try await send(.GET, path, query: query, body: nil))
    }

    package func post<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        let data = try await send(.POST, path, query: [], body: try JSONEncoder().encode(body))
        return try read(data)
    }

    private func read<Answer: Decodable>(_ data: Data) throws -> Answer {
        do {
            return try JSONDecoder().decode(Answer.self, from: data)
        } catch {
            throw notOutlay
        }
    }

    /// Something answers there that is not this API, or one of another version.
    private var notOutlay: Failure {
        .refused(
            code: "not_outlay",
            message: "what answers at \(url) does not speak this API: "
                + "name the address of the pages (by default http://127.0.0.1:7070) of the same version"
        )
    }

    /// For answers without a body.
    package func post(_ path: String, _ body: some Encodable) async throws {
        _ = try await send(.POST, path, query: [], body: try JSONEncoder().encode(body))
    }

    /// Sends JSON values, one per line.
    func post<Answer: Decodable>(
        _ path: String,
        _ query: [(String, String)],
        lines: [[UInt8]]
    ) async throws -> Answer {
        let body = Data(lines.joined(separator: [UInt8(ascii: "\n")]))
        return try read(try await send(.POST, path, query: query, body: body))
    }

    package func put(_ path: String, _ body: some Encodable) async throws {
        _ = try await send(.PUT, path, query: [], body: try JSONEncoder().encode(body))
    }

    package func delete(_ path: String) async throws {
        _ = try await send(.DELETE, path, query: [], body: nil)
    }

    /// Writes the body of a long answer to `file` as it comes.
    package func download(_ path: String, to file: String) async throws {
        let answer = try await execute(.GET, path, query: [], body: nil)
        guard FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw Failure.refused(code: "unwritable", message: "cannot write \(file)") }
        defer { try? handle.close() }
        for try await part in answer.body { try handle.write(contentsOf: Data(buffer: part)) }
        try handle.synchronize()
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        query: [(String, String)],
        body: Data?
    ) async throws -> Data {
        let answer = try await execute(method, path, query: query, body: body)
        return Data(buffer: try await answer.body.collect(upTo: 256 << 20))
    }

    private func execute(
        _ method: HTTPMethod,
        _ path: String,
        query: [(String, String)],
        body: Data?
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url + "/api/v1/" + path + Self.encoded(query))
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer " + token.reveal())
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: body))
        }
        let answer: HTTPClientResponse
        do {
            answer = try await client.execute(request, timeout: .seconds(600))
        } catch {
            throw Failure.unreachable(url: url, reason: Self.reason(error))
        }
        guard answer.status.code >= 300 else { return answer }
        throw try await failure(answer)
    }

    /// The error in words, where NIO's own are garbled.
    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError, error.errnoCode == ECONNREFUSED { return "connection refused" }
        return "\(error)"
    }

    private struct ErrorBody: Decodable {
        var code: String
        var message: String
    }

    private func failure(_ answer: HTTPClientResponse) async throws -> Failure {
        let data = Data(buffer: try await answer.body.collect(upTo: 1 << 20))
        let body = try? JSONDecoder().decode(ErrorBody.self, from: data)
        guard body != nil || answer.status != .notFound else { throw notOutlay }
        let message = body?.message ?? "the server answered \(answer.status.code)"
        return answer.status == .unauthorized
            ? .unauthenticated(message) : .refused(code: body?.code ?? "error", message: message)
    }

    private static func encoded(_ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return "" }
        let safe = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7f}"))
            .union(CharacterSet(charactersIn: "-._~"))
        return "?"
            + query.map { name, value in
                "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: safe) ?? "")"
            }.joined(separator: "&")
    }
}
