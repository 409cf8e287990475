internal import HTTPTypes
internal import Hummingbird
internal import OutlayCore
package import OutlayWire

/// An error as the API answers it: `{"code","message","request"}` with a status that follows from the code.
package struct APIError: Error, Hashable {
    /// Stable words; each is explained in docs/errors.md.
    package enum Code: String, CaseIterable, Sendable {
        case invalidRequest = "invalid_request"
        case unauthenticated
        case forbidden
        case notFound = "not_found"
        case conflict
        case tooMany = "too_many"
        case tooLarge = "too_large"
        case untrusted
        case ledgerUnavailable = "ledger_unavailable"
        case notReady = "not_ready"
        case internalError = "internal_error"
    }

    package var code: Code
    /// What to do about it, for the person who reads it.
    package var message: String
    /// What is wrong with single records of a request, where it has many.
    package var problems: [EventProblem]

    package init(_ code: Code, _ message: String, problems: [EventProblem] = []) {
        self.code = code
        self.message = message
        self.problems = problems
    }

    /// Everything that is wrong with any record of a request, of which nothing was booked.
    package init(about problems: [EventProblem], count: Int) {
        let first = problems.first.map { "Event \($0.index): \($0.message). " } ?? ""
        let rest = count == 1 ? "" : "\(count) problems in all. "
        self.init(.invalidRequest, first + rest + "Nothing was booked.", problems: problems)
    }

    init(_ problem: GovernanceProblem) {
        switch problem.kind {
        case .invalid: self.init(.invalidRequest, problem.message)
        case .forbidden: self.init(.forbidden, problem.message)
        case .notFound: self.init(.notFound, problem.message)
        case .conflict: self.init(.conflict, problem.message)
        case .tooMany: self.init(.tooMany, problem.message)
        }
    }

    var status: HTTPResponse.Status {
        switch code {
        case .invalidRequest: .badRequest
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .tooMany: .tooManyRequests
        case .notFound: .notFound
        case .conflict: .conflict
        case .tooLarge: .contentTooLarge
        case .untrusted: .unprocessableContent
        case .ledgerUnavailable, .notReady: .serviceUnavailable
        case .internalError: .internalServerError
        }
    }
}

struct APIErrorBody: ResponseEncodable, Codable {
    var code: String
    var message: String
    var request: String
    /// Absent where there are none.
    var problems: [EventProblem]?
}
