internal import NIOCore
internal import OutlayCore
internal import OutlayWire

extension Attempt {
    /// How tokens are estimated where the answer does not say: as configured, or by what was learned of the model.
    func estimates(model: String?, _ core: GatewayCore) -> (ratio: CharactersPerToken, prompt: PromptTokens?) {
        switch target.measure(of: call.facts.mappedModel(at: target)) {
        case .ratio(let ratio): return (ratio, nil)
        case .tokenizer(let tokenizer):
            let body = request.body
            let prompt = PromptTokens(by: tokenizer) {
                body.readableBytes == 0 ? 0 : RequestPeek.promptTokens(in: body.readableBytesSpan, by: tokenizer)
            }
            return (.standard, prompt)
        case nil: return (core.ratio(provider: target.upstream.provider, model: model), nil)
        }
    }
}
