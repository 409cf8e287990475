import OutlayCore

/// Reads an answer of any flavour in any framing, as its bytes come.
struct ModelAnswerReader: AnswerReader {
    enum Framing: Hashable, Sendable {
        /// One document; Gemini's streams without `alt=sse` are one array.
        case body
        /// Server-sent events, a document each.
        case events
        /// AWS event-stream messages, a document each.
        case frames
        /// A document a line.
        case lines
        /// Not known before the first byte: a bracket begins a body, anything else events.
        case unknown
        /// Sound or a picture: nothing to read.
        case opaque
    }

    private let flavour: any AnswerFlavour.Type
    private let asked: AskedCall
    private var framing: Framing
    private var picker: AnswerPicker
    private var scanner = JSONScanner()
    private var stream = EventStream()
    private var frames = AWSEventStream()
    private var isDocumentOpen = false

    init(flavour: any AnswerFlavour.Type, asked: AskedCall, framing: Framing) {
        self.flavour = flavour
        self.asked = asked
        self.framing = framing
        picker = AnswerPicker(paths: flavour.paths)
        picker.beginDocument()
    }

    mutating func countTokens(by tokenizer: Tokenizer) {
        picker.picks.counter = TokenCounter(tokenizer)
    }

    mutating func read(_ bytes: RawSpan) {
        if framing == .unknown { framing = Self.framing(startingWith: bytes) }
        switch framing {
        case .body: picker.scan(bytes, 0..<bytes.byteCount, with: &scanner)
        case .events: readEvents(bytes)
        case .lines: readLines(bytes)
        case .frames: readFrames(bytes)
        case .unknown, .opaque: break
        }
    }

    var outputCharacters: Int { picker.picks.characters }

    mutating func finish(isCut: Bool) -> AnswerReading {
        let isWhole =
            switch framing {
            case .body: scanner.isDone
            case .frames: frames.isBetweenMessages
            default: true
            }
        if frames.isBroken { picker.picks.marks.insert(.malformed) }
        if framing == .events, case .eventEnd(let name, let isDoneSign) = stream.finish() {
            endEvent(name: name, isDoneSign: isDoneSign)
        } else {
            endDocument()
        }
        return reading(isCut: isCut || !isWhole)
    }
}

// MARK: - Framing

extension ModelAnswerReader {
    private static func framing(startingWith bytes: RawSpan) -> Framing {
        for index in 0..<bytes.byteCount {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): return .body
            default: return .events
            }
        }
        return .unknown
    }

    private mutating func readEvents(_ bytes: RawSpan) {
        var index = 0
        while true {
            switch stream.next(bytes, &index) {
            case .data(let range):
                isDocumentOpen = true
                picker.scan(bytes, range, with: &scanner)
            case .eventEnd(let name, let isDoneSign): endEvent(name: name, isDoneSign: isDoneSign)
            case .needsMore: return
            }
        }
    }

    private mutating func readLines(_ bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            let end = bytes.index(of: 0x0A, or: 0x0D, in: start..<bytes.byteCount)
            picker.scan(bytes, start..<end, with: &scanner)
            isDocumentOpen = isDocumentOpen || end > start
            if end < bytes.byteCount { endDocument() }
            start = end + 1
        }
    }

    private mutating func readFrames(_ bytes: RawSpan) {
        var index = 0
        while let message = frames.next(bytes, &index) {
            isDocumentOpen = true
            if message.isError { picker.picks.marks.insert(.error) }
            let document = message.event == "chunk" ? Self.inner(message.payload) : message.payload
            // The bytes of an array of bytes hold no padding.
            unsafe picker.scan(document.span.bytes, 0..<document.count, with: &scanner)
            endDocument()
        }
    }

    /// The model's own event, which InvokeModel wraps as base64; the payload as it is where it wraps none.
    private static func inner(_ payload: [UInt8]) -> [UInt8] {
        let wrapped = (try? JSONDocument(payload))?.root["bytes"]?.string
        return wrapped.flatMap { Base64.decoded(Array($0.utf8)) } ?? payload
    }

    private static let errorName = EventStream.name("error")

    private mutating func endEvent(name: UInt64, isDoneSign: Bool) {
        if isDoneSign {
            picker.picks.marks.insert(.done)
        } else if name == Self.errorName {
            picker.picks.marks.insert(.error)
        }
        endDocument(isSign: isDoneSign)
    }

    private mutating func endDocument(isSign: Bool = false) {
        guard framing == .body || isDocumentOpen else { return }
        isDocumentOpen = false
        if scanner.isFailed, !isSign { picker.picks.marks.insert(.malformed) }
        flavour.endDocument(&picker.picks)
        scanner = JSONScanner()
        picker.beginDocument()
    }
}

// MARK: - What it says

extension ModelAnswerReader {
    private func reading(isCut: Bool) -> AnswerReading {
        var reading = AnswerReading(picker.picks, asked: asked, flavour: flavour)
        let isEnded = framing == .body || framing == .opaque || flavour.isComplete(picker.picks)
        reading.isComplete = !isCut && isEnded
        reading.isOutputPartial = reading.hasUsage && !reading.isComplete && !isFinal(picker.picks)
        return reading
    }

    /// Whether the usage says all there is to say although the answer did not reach its end.
    private func isFinal(_ picks: Picks) -> Bool {
        if framing == .body { return !picks[RawSlot.usage].isEmpty && picks[RawSlot.start].isEmpty }
        return picks.marks.contains(.done) || picks.marks.contains(.finished)
    }
}

extension AnswerReading {
    /// The most of the usage object that stays on the event.
    private static let rawMax = 4096

    /// What was kept, in the words of the flavour it was kept for.
    init(_ picks: Picks, asked: AskedCall, flavour: any AnswerFlavour.Type) {
        self.init()
        model = picks.string(.model)
        responseID = picks.string(.id)
        isError = picks.marks.contains(.error)
        outputCharacters = picks.characters
        outputTokens = picks.counter?.count
        raw = Self.raw(picks)
        var usage = UsageReport(picks, asked: asked)
        flavour.read(&usage, into: &self)
        flags = usage.flags
        if picks.marks.contains(.malformed) { flags.append("malformed") }
        hasUsage = (hasUsage || usage.hasCounts) && !usage.isUnbelievable
        if !hasUsage { parts = [] }
    }

    /// The usage objects as they came; several are shown as one array.
    private static func raw(_ picks: Picks) -> String? {
        if picks[.start].isEmpty, picks.deltas.isEmpty, !picks[.usage].isEmpty {
            return picks[.usage].count <= rawMax ? String(decoding: picks[.usage], as: UTF8.self) : nil
        }
        var objects = ([picks[.start]] + picks.deltas + [picks[.usage]]).filter { !$0.isEmpty }
        if objects.isEmpty { objects = [picks[.fallback]].filter { !$0.isEmpty } }
        guard let first = objects.first else { return nil }
        let bytes = objects.count == 1 ? first : Array("[".utf8) + objects.joined(separator: ",".utf8) + "]".utf8
        return bytes.count <= rawMax ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
