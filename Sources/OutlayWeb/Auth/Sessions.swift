package import OutlayCore
package import OutlayVault
internal import Synchronization

/// Who is signed in: the administrator's token, one-time sign-in codes and the sessions they became.
///
/// Everything is in memory: a restart signs everyone out. Sessions end after eight idle hours or one day.
package final class Sessions: Sendable {
    private struct Session {
        let principal: Principal
        var startedAt: Timestamp
        var usedAt: Timestamp
    }

    private struct State {
        var codes: [String: Timestamp] = [:]
        var sessions: [String: Session] = [:]
    }

    private let token: AccessToken
    private let state = Mutex(State())

    private static let codeSeconds: Int64 = 3600
    private static let idleSeconds: Int64 = 8 * 3600
    private static let longestSeconds: Int64 = 24 * 3600
    private static let sessionsMax = 1000

    package init(token: AccessToken) {
        self.token = token
    }

    package func isToken(_ candidate: String) -> Bool {
        token.matches(candidate)
    }

    /// A code that signs in once, within the hour.
    package func issueCode(now: Timestamp) -> String {
        let code = AccessToken.generate().reveal()
        state.withLock { $0.codes[code] = now.advanced(bySeconds: Self.codeSeconds) }
        return code
    }

    /// Trades a code, or a token, for a new session.
    ///
    /// - Parameter other: whose token it is when it is not the administrator's.
    func signIn(with secret: String, now: Timestamp, other: (String) -> Principal? = { _ in nil }) -> String? {
        let isToken = token.matches(secret)
        let approver = isToken ? nil : other(secret)
        return state.withLock { state in
            let isCode = state.codes.removeValue(forKey: secret).map { now < $0 } ?? false
            guard isToken || isCode || approver != nil else { return nil }
            if state.sessions.count >= Self.sessionsMax,
                let oldest = state.sessions.min(by: { $0.value.usedAt < $1.value.usedAt })
            {
                state.sessions[oldest.key] = nil
            }
            let session = AccessToken.generate().reveal()
            state.sessions[session] = Session(principal: approver ?? .administrator, startedAt: now, usedAt: now)
            return session
        }
    }

    /// Who a live session belongs to.
    func principal(of session: String, now: Timestamp) -> Principal? {
        state.withLock { state in
            guard var found = state.sessions[session] else { return nil }
            guard now < found.usedAt.advanced(bySeconds: Self.idleSeconds),
                now < found.startedAt.advanced(bySeconds: Self.longestSeconds)
            else {
                state.sessions[session] = nil
                return nil
            }
            found.usedAt = now
            state.sessions[session] = found
            return found.principal
        }
    }

    func signOut(_ session: String) {
        state.withLock { $0.sessions[session] = nil }
    }
}
