internal import OutlayCore
internal import OutlayGateway
internal import Synchronization

/// Core's estimator, learning from every answer the gateway sees.
final class LearnedEstimates: UsageEstimating {
    private let estimator = Mutex(Estimator())

    func estimate(_ seen: SeenCall) -> UsageEstimate {
        let ratio = estimator.withLock { $0.ratio(provider: seen.provider, model: seen.model) }
        return UsageEstimate(
            inputTokens: ratio.tokens(in: seen.promptCharacters),
            outputTokens: ratio.tokens(in: seen.outputCharacters),
            method: ratio.method
        )
    }

    func learn(_ seen: SeenCall, outputTokens: Int64) {
        estimator.withLock {
            $0.learn(
                provider: seen.provider,
                model: seen.model,
                characters: seen.outputCharacters,
                tokens: outputTokens
            )
        }
    }
}
