internal import OutlayApp
internal import OutlayCore

/// How a command ends when it fails: what to print and which code to return.
struct Exit: Error {
    static let error: Int32 = 1
    static let usage: Int32 = 2
    static let validation: Int32 = 3
    static let auth: Int32 = 4
    static let unreachable: Int32 = 5
    static let policy: Int32 = 6

    var code: Int32
    var message: String

    init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    /// `nil` for errors the argument parser explains itself.
    init?(_ error: any Error) {
        switch error {
        case let exit as Exit: self = exit
        case let failure as APIClient.Failure:
            switch failure {
            case .unreachable: self.init(Self.unreachable, failure.description)
            case .unauthenticated: self.init(Self.auth, failure.description)
            case .refused(let code, _):
                self.init(code == "invalid_request" ? Self.usage : Self.error, failure.description)
            }
        case let failure as StartFailure:
            switch failure.fault {
            case .installation: self.init(Self.error, failure.message)
            case .usage: self.init(Self.usage, failure.message)
            case .configuration: self.init(Self.validation, failure.message)
            }
        case let failure as LedgerError: self.init(Self.error, StartFailure(failure).message)
        default: return nil
        }
    }
}
