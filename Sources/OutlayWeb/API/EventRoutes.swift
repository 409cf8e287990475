internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// `POST /api/v1/events`: money from whatever speaks neither to the gateway nor OpenTelemetry.
struct EventRoutes: Sendable {
    let operations: any Operations

    private static let bodyBytesMax = 20 << 20

    func add(writers: some RouterMethods<some PrincipalContext>) {
        writers.post("events", use: take)
    }

    @Sendable
    private func take(_ request: Request, _ context: some PrincipalContext) async throws -> EventsAnswer {
        let principal = try context.requirePrincipal()
        let body = try await request.body.collect(upTo: Self.bodyBytesMax)
        let batch: ReportedEvent.Batch
        do throws(EventBodyProblem) {
            batch = try ReportedEvent.Batch(Array(body.readableBytesView), countMax: EventPost.countMax)
        } catch {
            throw APIError(.invalidRequest, error.message)
        }
        guard batch.problems.isEmpty else { throw APIError(about: batch.problems, count: batch.problemCount) }
        var post = EventPost(reports: batch.reports)
        post.idempotencyKey = try Self.idempotencyKey(of: request)
        let parameters = request.uri.queryParameters
        post.isDryRun = parameters["dry_run"].map { $0 == "true" } ?? false
        post.source = parameters["source"].map(String.init)
        post.keyName = parameters["key"].map(String.init)
        guard principal == .administrator || (post.source == nil && post.keyName == nil) else {
            throw APIError(.forbidden, "Only the administrator may say 'source' or 'key'.")
        }
        if let source = post.source, source.wholeMatch(of: #/import:[a-z0-9._-]{1,64}/#) == nil {
            throw APIError(.invalidRequest, "'source' is import:NAME, in lower-case letters and digits.")
        }
        return try await operations.book(post, by: principal)
    }

    private static func idempotencyKey(of request: Request) throws -> String? {
        guard let key = HTTPField.Name("idempotency-key").flatMap({ request.headers[$0] }), !key.isEmpty else {
            return nil
        }
        guard key.utf8.count <= 256 else {
            throw APIError(.invalidRequest, "Idempotency-Key has at most 256 bytes.")
        }
        return key
    }
}

extension EventsAnswer: ResponseEncodable {}
