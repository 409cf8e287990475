internal import Hummingbird
internal import OutlayCore
internal import OutlayVault
internal import OutlayWire

/// Client keys: list, create, rotate, revoke; and the provider keys the gateway holds.
struct KeyRoutes: Sendable {
    let operations: any Operations

    private struct Rotation: Decodable {
        /// How long the old secret stays valid, in seconds.
        var grace: Int64?
    }

    private struct ProviderKey: Decodable {
        var key: String
    }

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("keys") { _, _ in try await operations.keys().map { KeyAnswer($0) } }
        router.post("keys", use: create)
        router.post("keys/:id/rotate", use: rotate)
        router.delete("keys/:id", use: revoke)
        router.put("provider-keys/:name", use: storeProviderKey)
    }

    @Sendable
    private func create(_ request: Request, _ context: some RequestContext) async throws -> EditedResponse<KeyAnswer> {
        let body = try await request.decode(as: KeyRequest.self, context: context)
        let rules = try Self.rules(body, zone: UTC())
        guard !(try await operations.keys().contains { $0.rules.name == rules.name && $0.revokedAt == nil }) else {
            throw APIError(.conflict, "A key named '\(rules.name)' exists: rotate it, revoke it or take another name.")
        }
        let (stored, secret) = try await operations.createKey(rules)
        return EditedResponse(status: .created, response: KeyAnswer(stored, secret: secret.reveal()))
    }

    @Sendable
    private func rotate(_ request: Request, _ context: some RequestContext) async throws -> KeyAnswer {
        let id = try context.parameters.require("id")
        let body = try? await request.decode(as: Rotation.self, context: context)
        let grace = min(max(body?.grace ?? 0, 0), 30 * 86_400)
        guard let (stored, secret) = try await operations.rotateKey(id, graceSeconds: grace) else {
            throw Self.unknownKey(id)
        }
        return KeyAnswer(stored, secret: secret.reveal())
    }

    @Sendable
    private func revoke(_ request: Request, _ context: some RequestContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.require("id")
        guard try await operations.revokeKey(id) else { throw Self.unknownKey(id) }
        return .noContent
    }

    @Sendable
    private func storeProviderKey(
        _ request: Request,
        _ context: some RequestContext
    ) async throws -> HTTPResponse.Status {
        let name = try context.parameters.require("name")
        let body = try await request.decode(as: ProviderKey.self, context: context)
        guard !body.key.isEmpty, body.key.utf8.count <= 4096, Dimension(name) != nil else {
            throw APIError(.invalidRequest, "A provider key needs a short lower-case name and a value of up to 4 KiB.")
        }
        try await operations.storeProviderKey(Secret(body.key), name: name)
        return .noContent
    }

    private static func unknownKey(_ id: String) -> APIError {
        APIError(.notFound, "There is no key '\(id)'. List them with outlay key list.")
    }

    private static func rules(_ body: KeyRequest, zone: some Zone) throws(APIError) -> KeyRules {
        guard !body.name.isEmpty, body.name.utf8.count <= 128 else {
            throw APIError(.invalidRequest, "A key needs a name of 1 to 128 bytes.")
        }
        guard let door = KeyRules.Door(rawValue: body.for ?? "both") else {
            throw APIError(.invalidRequest, "'for' is gateway, ingest or both.")
        }
        var rules = KeyRules(
            name: body.name,
            workspace: body.workspace ?? Workspace.defaultName,
            upstreams: body.upstreams ?? [],
            models: body.models ?? [],
            door: door
        )
        for (name, value) in body.tags ?? [:] { rules.tags[try dimension(name)] = value }
        for (name, values) in body.allow ?? [:] { rules.allow[try dimension(name)] = values }
        if let text = body.expires {
            guard let span = TimeText.span(text, in: zone) else {
                throw APIError(.invalidRequest, TimeTextError.unreadable(text).description)
            }
            rules.expires = span.lowerBound
        }
        return rules
    }

    private static func dimension(_ name: String) throws(APIError) -> Dimension {
        guard let dimension = Dimension(name) else {
            throw APIError(
                .invalidRequest,
                "'\(name)' is no dimension: use lower-case letters, digits, '_', '.' or '-'."
            )
        }
        return dimension
    }
}

extension KeyAnswer: ResponseEncodable {}
