package import Hummingbird
internal import OutlayCore

/// A request that knows who sent it.
protocol PrincipalContext: RequestContext {
    /// Set by ``SignedInMiddleware``; `nil` on open doors.
    var principal: Principal? { get set }
}

/// A request to the web port, and who sent it once that is known.
package struct WebContext: PrincipalContext {
    package var coreContext: CoreRequestContextStorage
    var principal: Principal?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}

extension PrincipalContext {
    func requirePrincipal() throws(APIError) -> Principal {
        guard let principal else { throw APIError(.unauthenticated, "Send a token as Authorization: Bearer.") }
        return principal
    }
}

/// The kinds of callers a route may be open to; each group of routes names those it serves.
enum Role: Sendable {
    case administrator, approver, key
    /// A key that only takes in what others report: it reads nothing back.
    case ingestKey

    init?(_ principal: Principal, _ governance: any GovernanceOperations) {
        switch principal {
        case .administrator: self = .administrator
        case .approver: self = .approver
        case .key(let name): self = governance.isIngestOnly(key: name) ? .ingestKey : .key
        case .outlay: return nil
        }
    }
}
