internal import Hummingbird
internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// The price book in force, newer books, and pricing again what was booked.
struct PriceRoutes: Sendable {
    let operations: any Operations

    private struct Update: Decodable {
        /// The book, as text.
        var book: String
        /// Base 64 of the Ed25519 signature.
        var signature: [UInt8]?
        var dryRun: Bool?
    }

    private struct Rerate: Decodable {
        var from: String?
        var to: String?
        var dryRun: Bool?
    }

    func add(to router: some RouterMethods<some RequestContext>) {
        router.get("prices") { request, _ in
            operations.prices(matching: request.uri.queryParameters["model"].map(String.init) ?? "")
        }
        router.post("prices") { request, context in
            let update = try await request.decode(as: Update.self, context: context)
            return try await operations.updatePrices(
                Array(update.book.utf8),
                signature: update.signature,
                isDryRun: update.dryRun ?? false
            )
        }
        router.post("rerate") { request, context in
            let body = try await request.decode(as: Rerate.self, context: context)
            let span = try TimeText.span(from: body.from, to: body.to, in: UTC(), now: operations.now())
            return try await operations.rerate(span, isDryRun: body.dryRun ?? false)
        }
    }
}

extension PriceAnswer: ResponseEncodable {}
extension PriceUpdateAnswer: ResponseEncodable {}
extension RerateAnswer: ResponseEncodable {}
