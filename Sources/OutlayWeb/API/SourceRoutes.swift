internal import Hummingbird
internal import OutlayWire

/// Where telemetry comes from, and the end of its waiting.
struct SourceRoutes: Sendable {
    let operations: any Operations

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("sources") { _, _ in try await sources() }
        router.post("sources/flush") { _, _ in
            try await operations.flushTelemetry()
            return try await sources()
        }
    }

    private func sources() async throws -> [SourceAnswer] {
        try await operations.telemetrySources().map(SourceAnswer.init)
    }
}

extension SourceAnswer: ResponseEncodable {}
