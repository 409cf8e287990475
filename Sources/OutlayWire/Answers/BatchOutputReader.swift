import OutlayCore

/// One answered call in the output of a batch.
package struct BatchLine: Hashable, Sendable {
    /// The caller's own name for the call (`custom_id`), unique in its batch.
    package var customID: String?
    package var reading: AnswerReading
}

/// Reads the output file of a batch, a call a line: OpenAI's, Anthropic's and Gemini's.
///
/// The calls of a batch never pass the gateway; the download of their results is where their usage is seen.
/// Lines that report none (failed, cancelled and expired calls, files of another kind) are passed over.
package struct BatchOutputReader: Sendable {
    private static let paths: JSONPaths = {
        var picks: [String: Pick] = [
            "custom_id": .text(.customID), "key": .text(.customID), "error": .mark(.error),
            "response.error": .mark(.error),
        ]
        for (place, shape) in [
            ("response.body.", AnyShape.picks), ("result.message.", AnyShape.picks),
            ("response.", GeminiGenerate.picks),
        ] {
            for (path, pick) in shape { picks[place + path] = pick }
        }
        return JSONPaths(picks)
    }()

    private let provider: String
    private var picker = AnswerPicker(paths: paths)
    private var scanner = JSONScanner()

    package init(provider: String) {
        self.provider = provider
        picker.beginDocument()
    }

    /// Takes the next bytes of the file; `each` gets every call that ends in them.
    package mutating func read(_ bytes: RawSpan, each: (BatchLine) -> Void) {
        var start = 0
        while start < bytes.byteCount {
            let end = bytes.index(of: 0x0A, or: 0x0D, in: start..<bytes.byteCount)
            picker.scan(bytes, start..<end, with: &scanner)
            if end < bytes.byteCount { endLine(each) }
            start = end + 1
        }
    }

    /// As ``read(_:each:)``, of an array.
    package mutating func read(_ bytes: [UInt8], each: (BatchLine) -> Void) {
        // The bytes of an array of bytes hold no padding.
        unsafe read(bytes.span.bytes, each: each)
    }

    /// Ends a last line without a line end.
    package mutating func finish(each: (BatchLine) -> Void) {
        endLine(each)
    }

    private mutating func endLine(_ each: (BatchLine) -> Void) {
        defer {
            scanner = JSONScanner()
            picker = AnswerPicker(paths: Self.paths)
            picker.beginDocument()
        }
        guard scanner.isDone else { return }
        AnyShape.endDocument(&picker.picks)
        let asked = AskedCall(provider: provider, api: "batch.output")
        var reading = AnswerReading(picker.picks, asked: asked, flavour: AnyShape.self)
        guard reading.hasUsage else { return }
        reading.isComplete = true
        reading.context.processing = "batch"
        each(BatchLine(customID: picker.picks.string(.customID), reading: reading))
    }
}
