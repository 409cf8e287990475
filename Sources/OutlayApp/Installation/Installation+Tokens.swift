internal import Logging
internal import OutlayCore
internal import OutlayGateway
internal import OutlayVault
internal import OutlayWeb
internal import Synchronization

extension Installation {
    /// Takes in changed keys of the issuers of tokens.
    func refreshTokenKeys() async {
        let issuers = current.configuration.tags.tokens
        guard !issuers.isEmpty else { return }
        var ring = current.tokenKeys
        let hasMissed = snapshots.snapshot.tokens?.takeMissed() ?? false
        let isChanged = await ring.refresh(issuers, hasMissed: hasMissed, at: now(), logger: logger)
        let read = ring
        guard isChanged else { return state.withLock { $0.tokenKeys = read } }
        do {
            try change { $0.tokenKeys = read }
            logger.notice("took in the keys of token issuers")
        } catch {
            logger.error("the keys of token issuers were not taken in", metadata: ["reason": "\(error)"])
        }
    }

    /// Issuers whose tokens cannot be verified yet.
    func tokenKeys() -> [Finding] {
        let state = current
        return state.configuration.tags.tokens.filter { !state.tokenKeys.hasKeys(of: $0) }.map { issuer in
            Finding(
                "tokens of \(issuer.issuer)",
                .warning,
                "None of them is believed: the keys at \(issuer.keys.title) could not be read; the log says why."
            )
        }
    }
}
