internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import OutlayCore

/// Turns every error into the one shape the API answers with, and logs what nobody expected, once.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let answer = Self.answer(to: error)
            if answer.code == .internalError {
                logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            let body = APIErrorBody(
                code: answer.code.rawValue,
                message: answer.message,
                request: "\(context.id)",
                problems: answer.problems.isEmpty ? nil : answer.problems
            )
            var response = try body.response(from: request, context: context)
            response.status = answer.status
            return response
        }
    }

    private static func answer(to error: any Error) -> APIError {
        switch error {
        case let error as APIError: error
        case let error as GovernanceProblem: APIError(error)
        case let error as TimeTextError: APIError(.invalidRequest, error.description)
        case let error as LedgerError: APIError(.ledgerUnavailable, sentence(for: error))
        case let error as HTTPError where error.status == .contentTooLarge:
            APIError(.tooLarge, "The body is larger than this route takes.")
        case is NIOTooManyBytesError: APIError(.tooLarge, "The body is larger than this route takes.")
        case let error as HTTPError where error.status == .notFound:
            APIError(.notFound, "There is no such route. The routes are listed at /api/v1/openapi.json.")
        case is DecodingError:
            APIError(.invalidRequest, "The request could not be read: check the names and types of its members.")
        case let error as HTTPError where error.status.code < 500:
            APIError(.invalidRequest, error.body ?? "The request could not be read: check its JSON and parameters.")
        default: APIError(.internalError, "Something went wrong here. The server's log has the details.")
        }
    }

    private static func sentence(for error: LedgerError) -> String {
        switch error {
        case .unavailable(let reason): "The ledger cannot be used: \(reason). Nothing was written; try again."
        case .unreadable(let id, let reason): "The ledger's row \(id) cannot be read: \(reason). Run outlay verify."
        case .locked(let holder): "The ledger is held by \(holder)."
        case .unbookable(let id, let reason): "The event \(id) cannot be booked: \(reason)."
        }
    }
}
