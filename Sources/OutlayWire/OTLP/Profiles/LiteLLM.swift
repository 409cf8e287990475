import OutlayCore

/// LiteLLM's `otel` callback: the span of a request leads; the raw request below it says the same as text.
///
/// Tokens of caches are told apart only in a Python text. A stream without usage is reported as zeros, which means that
/// nobody knows; for other providers than OpenAI the id of the answer may be LiteLLM's own invention.
struct LiteLLM: ConventionProfile {
    let name = "litellm"
    let largeAttributes = [usageObject, hiddenParameters]

    var attributes: [String] { [Self.callID] }

    private static let usageObject = "metadata.usage_object"
    private static let hiddenParameters = "hidden_params"
    private static let callID = "litellm.call_id"

    func recognises(_ context: RecordContext) -> Bool {
        context.scopeName.hasPrefix("litellm")
    }

    func owns(_ attributes: Attributes) -> Bool {
        attributes[Self.callID] != nil || attributes[Self.usageObject] != nil
    }

    func tokens(_ facts: Facts) -> TokenConvention { .inclusive }

    func nature(of span: SpanRecord, _ facts: Facts) -> SpanNature {
        if span.name == "raw_gen_ai_request" { return .step }
        let nature = SpanNature(facts)
        // What its proxy calls an operation is the kind of call: `pass_through_endpoint` and more to come.
        return nature == .step && facts[.operation] != nil && facts[.requestModel] != nil ? .call : nature
    }

    func correct(_ call: inout CallFacts, _ attributes: Attributes) {
        if let text = attributes.text(Self.usageObject) { readCaches(LooseText(text), &call.facts) }
        chooseModel(&call.facts)
        let hidden = attributes.text(Self.hiddenParameters).map { LooseText($0) }
        if call.facts[.requestID] == nil {
            let id = hidden?.text("llm_provider-request-id") ?? hidden?.text("llm_provider-x-request-id")
            call.facts[.requestID] = id.map { .string($0) }
        }
        if hidden?.text("cache_key") != nil { call.facts[.isCacheHit] = .bool(true) }
        if let id = call.facts.text(.responseID) { call.facts[.responseID] = .string(Self.unwrapped(id)) }
        // An answer from its cache has the id of the answer it repeats.
        let isRepeated = call.facts.isTrue(.isCacheHit)
        if isRepeated { call.facts[.requestID] = nil }
        if isRepeated || isInvented(call.facts) { call.facts[.responseID] = nil }
    }

    func observation(of span: SpanRecord, in reading: RecordReading) -> Observation? {
        guard var observation = conventional(span, in: reading) else { return nil }
        if observation.level == .call, let id = span.attributes.text(Self.callID) {
            observation.names.append("litellm:\(id)")
        }
        return observation
    }

    private func readCaches(_ usage: LooseText, _ facts: inout Facts) {
        let details: [(Fact, [String])] = [
            (.cacheRead, ["cache_read_input_tokens", "cached_tokens"]),
            (.cacheWrite, ["cache_creation_input_tokens", "cache_creation_tokens"]),
            (.cacheWrite5m, ["ephemeral_5m_input_tokens"]), (.cacheWrite1h, ["ephemeral_1h_input_tokens"]),
            (.reasoning, ["reasoning_tokens"]),
        ]
        for (fact, keys) in details where facts[fact] == nil {
            facts[fact] = keys.lazy.compactMap { usage.count($0) }.first
        }
    }

    /// The proxy answers under the name its caller asked for; then the model it called itself is the one that served.
    private func chooseModel(_ facts: inout Facts) {
        guard let served = facts.text(.model), let asked = facts.text(.requestModel) else { return }
        let name = ServiceNames.provider(declared: facts.text(.provider), model: asked).model ?? asked
        let isVersion = served.contains(name)
        let isSameMaker = ServiceNames.provider(ofModel: served) == ServiceNames.provider(ofModel: name)
        if !isVersion, !(isSameMaker && ServiceNames.provider(ofModel: name) != nil) {
            facts[.model] = .string(asked)
        }
    }

    /// The provider's id inside one that says who served it: `resp_` and `litellm:…;response_id:resp_1` as base64.
    private static func unwrapped(_ id: String) -> String {
        let prefix = "resp_"
        let mark = "response_id:"
        guard id.hasPrefix(prefix), let bytes = Base64.decoded(Array(id.utf8.dropFirst(prefix.utf8.count))) else {
            return id
        }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ";")
        guard parts.first?.hasPrefix("litellm:") == true, let part = parts.first(where: { $0.hasPrefix(mark) }) else {
            return id
        }
        return String(part.dropFirst(mark.count))
    }

    private func isInvented(_ facts: Facts) -> Bool {
        guard let id = facts.text(.responseID), id.hasPrefix("chatcmpl-") else { return false }
        let provider = CallFacts(facts).provider
        return !["openai", "azure", "deepseek", "xai", "groq", "together"].contains(provider)
    }
}
