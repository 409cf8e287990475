package import OutlayCore

extension RequestPeek {
    /// Looks at a JSON request body, in one pass and without keeping its texts.
    ///
    /// - Parameters:
    ///   - body: The whole body, decompressed.
    ///   - dialect: The upstream's.
    ///   - api: The route's API: chat completions can be asked for usage, Ollama streams by default.
    /// - Throws: ``RequestPeekError``; the body must not be forwarded then.
    package init(body: RawSpan, dialect: Upstream.Dialect, api: String) throws(RequestPeekError) {
        var scanner = JSONScanner()
        var scan = RequestScan()
        scanner.scan(body, 0..<body.byteCount, into: &scan)
        guard scanner.isDone, scan.start != nil else { throw .malformed }
        if let key = scan.duplicate { throw .duplicateKey(key) }
        self.init()
        read(scan, api: api)
        readClaims(scan)
        if isStream, ["chat.completions", "completions"].contains(api) {
            includeUsageSplice = Self.includeUsageSplice(scan)
        }
    }

    /// As ``init(body:dialect:api:)``, of an array.
    package init(body: [UInt8], dialect: Upstream.Dialect, api: String) throws(RequestPeekError) {
        // The bytes of an array of bytes hold no padding.
        try unsafe self.init(body: body.span.bytes, dialect: dialect, api: api)
    }

    private mutating func read(_ scan: RequestScan, api: String) {
        model = scan.value("model")?.plainText
        modelRange = model == nil ? nil : scan.value("model")?.range
        let asked = [scan.value("n"), scan.value("best_of"), scan.value("candidateCount", in: "generationConfig")]
        choices = asked.compactMap { $0?.count }.max() ?? 1
        isStream = scan.value("stream")?.isTrue ?? (api == "ollama" && scan.value("stream") == nil)
        includeUsage = scan.value("include_usage", in: "stream_options")?.boolean
        promptCharacters = scan.text.characters
        inputCharacters = api == "audio.speech" ? scan.inputCharacters : nil
        maxOutputTokens = Self.limits.lazy.compactMap { scan.value($0.key, in: $0.parent)?.count }.first
        context.serviceTier = (scan.value("service_tier") ?? scan.value("serviceTier"))?.plainText
        context.speed = scan.value("speed")?.plainText
        context.inferenceGeo = scan.value("inference_geo")?.plainText
        let lifetime = scan.value("ttl", in: "prompt_cache_options")?.plainText
        context.cacheTTL = ["30m", "12h"].contains(lifetime) ? lifetime : nil
    }

    /// Where a request says how much may be written, the most telling first.
    private static let limits: [(parent: String, key: String)] = [
        ("", "max_completion_tokens"), ("", "max_tokens"), ("", "max_output_tokens"),
        ("generationConfig", "maxOutputTokens"), ("generation_config", "max_output_tokens"),
        ("inferenceConfig", "maxTokens"), ("options", "num_predict"),
    ]

    /// Tags in the fields that providers leave to the caller.
    private mutating func readClaims(_ scan: RequestScan) {
        for value in scan.kept where ["metadata", "labels", "requestMetadata"].contains(value.parent) {
            guard let text = value.plainText else { continue }
            if value.parent == "metadata", value.key == "user_id" {
                readUser(text)
            } else {
                metadata.append((value.key, text))
            }
        }
        for key in ["safety_identifier", "user"] {
            if let text = scan.value(key)?.plainText { readUser(text) }
        }
    }

    /// A user field is a plain name, or tags as a JSON object in a string.
    private mutating func readUser(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "{"), let value = try? JSONValue(Array(text.utf8)) else {
            user = text
            return
        }
        for member in value.members ?? [] {
            if let tag = member.value.string { metadata.append((member.key, tag)) }
        }
    }

    /// Where `"include_usage":true` goes; `nil` where it stands already or `stream_options` is no object.
    private static func includeUsageSplice(_ scan: RequestScan) -> BodySplice? {
        let member = #""include_usage":true"#
        if let value = scan.value("include_usage", in: "stream_options") {
            return value.atom == .true ? nil : BodySplice(range: value.range, bytes: Array("true".utf8))
        }
        if let options = scan.opened["stream_options"] {
            let text = options.isEmpty ? member : member + ","
            return BodySplice(range: (options.at + 1)..<(options.at + 1), bytes: Array(text.utf8))
        }
        if let value = scan.value("stream_options") {
            return value.atom == .null ? BodySplice(range: value.range, bytes: Array("{\(member)}".utf8)) : nil
        }
        guard let start = scan.start else { return nil }
        let text = #""stream_options":{\#(member)}"# + (scan.isEmpty ? "" : ",")
        return BodySplice(range: (start + 1)..<(start + 1), bytes: Array(text.utf8))
    }
}

extension RequestScan.Kept {
    /// The text of a string; `nil` for anything else and for an empty one.
    fileprivate var plainText: String? { atom == nil && !text.isEmpty ? text : nil }

    fileprivate var isTrue: Bool { atom == .true }

    fileprivate var boolean: Bool? {
        switch atom {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// A whole number of at most 10⁹; what is beyond is that.
    fileprivate var count: Int? {
        guard atom == .number else { return nil }
        switch CountText.parse(text) {
        case .value(let value, _): return Int(min(value, UsageReport.countMax))
        case .huge: return Int(UsageReport.countMax)
        case .none, .negative: return nil
        }
    }
}
