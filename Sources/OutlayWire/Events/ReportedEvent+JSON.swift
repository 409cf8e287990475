package import OutlayCore

extension ReportedEvent {
    /// The longest record, in bytes.
    package static let recordBytesMax = 64 << 10

    /// The records of a request body, or everything that is wrong with any of them.
    package struct Batch: Hashable, Sendable {
        package var reports: [ReportedEvent] = []
        /// Nothing may be booked unless this is empty.
        package var problems: [EventProblem] = []

        /// Problems beyond these are counted and not kept.
        package static let problemsMax = 100
        package private(set) var problemCount = 0

        /// Reads one object, an array, `{"events": […]}` or one object per line.
        ///
        /// - Parameter countMax: more records than this are refused.
        /// - Throws: a sentence about the body as a whole, where it holds no records to speak of.
        package init(_ bytes: [UInt8], countMax: Int) throws(EventBodyProblem) {
            let split = RecordSplit(bytes, countMax: countMax)
            if let problem = split.problem { throw EventBodyProblem(message: problem) }
            guard !split.records.isEmpty else {
                throw EventBodyProblem(message: "The body holds no events: send an object, an array or one per line.")
            }
            reports.reserveCapacity(split.records.count)
            for (index, place) in split.records.enumerated() {
                var found: [String] = []
                if let report = ReportedEvent(bytes[place], problems: &found) { reports.append(report) }
                problemCount += found.count
                for message in found.prefix(max(0, Self.problemsMax - problems.count)) {
                    problems.append(EventProblem(index: index, message: message))
                }
            }
        }
    }

    /// Reads one record; `nil` with the reasons among `problems`.
    init?(_ bytes: ArraySlice<UInt8>, problems: inout [String]) {
        guard bytes.count <= Self.recordBytesMax else {
            problems.append("the record is longer than \(Self.recordBytesMax) bytes")
            return nil
        }
        guard let document = try? JSONDocument(Array(bytes)), document.root.kind == .object else {
            problems.append("an event is a JSON object")
            return nil
        }
        var fields = EventFields(document.root)
        self.init(&fields)
        fields.finish()
        problems += fields.problems
        if !fields.problems.isEmpty { return nil }
    }

    private init(_ fields: inout EventFields) {
        self.init(kind: Self.kind(&fields))
        id = fields.text("id", bytesMax: Self.idBytesMax)
        at = Self.time(&fields)
        provider = fields.text("provider", bytesMax: 64)
        api = fields.text("api", bytesMax: 64)
        model = fields.text("model", bytesMax: 256)
        requestedModel = fields.text("requested_model", bytesMax: 256)
        for field in RatingContext.fields { context[keyPath: field.path] = fields.text(field.name, bytesMax: 64) }
        usage = EventUsage.read(&fields)
        calls = fields.count("calls", in: 1...EventFields.countMax) ?? 1
        reportedCost = Self.cost(&fields)
        tags = Self.tags(&fields)
        links.responseID = fields.text("response_id", bytesMax: 256)
        links.requestID = fields.text("request_id", bytesMax: 256)
        links.traceID = fields.hexadecimal("trace_id", digits: 32)
        links.spanID = fields.hexadecimal("span_id", digits: 16)
        isCacheHit = fields.flag("cache_hit")
        isNotional = fields.flag("notional")
        outcome = Self.outcome(&fields)
        checkWhole(&fields)
    }

    /// What neither says what was used nor what it cost is no expense; a call still is one.
    private func checkWhole(_ fields: inout EventFields) {
        switch kind {
        case .call, .tool:
            if kind == .tool, model == nil { fields.problem("a tool is named in 'model'") }
        case .compute, .human, .storage, .other:
            if usage == nil, reportedCost == nil {
                fields.problem("an event of kind '\(kind.rawValue)' needs 'usage' or 'reported_cost_usd'")
            }
        }
    }

    private static func kind(_ fields: inout EventFields) -> Kind {
        guard let text = fields.text("kind") else { return .call }
        guard let kind = Kind(rawValue: text) else {
            return fields.refuse("kind", Suggestion.listing(Kind.allCases.map(\.rawValue))) ?? .call
        }
        return kind
    }

    private static func time(_ fields: inout EventFields) -> Timestamp? {
        guard let text = fields.text("at") else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            return fields.refuse("at", "a time as in RFC 3339, such as 2026-11-20T12:00:00Z")
        }
        guard times.contains(time) else { return fields.refuse("at", "in the years 2000 to 8999") }
        return time
    }

    private static func cost(_ fields: inout EventFields) -> Money? {
        if let currency = fields.text("currency"), currency.uppercased() != "USD" {
            fields.problem("'currency' must be USD: amounts are not converted here")
        }
        let cost = fields.money("reported_cost_usd")
        let estimate = fields.money("cost_estimate")
        if cost != nil, estimate != nil {
            fields.problem("'reported_cost_usd' and 'cost_estimate' say the same: send one")
        }
        return cost ?? estimate
    }

    private static func outcome(_ fields: inout EventFields) -> CallOutcome {
        var outcome = CallOutcome()
        outcome.status = fields.count("status", in: 100...599).map { Int($0) }
        if let status = outcome.status, status >= 400 { outcome.ending = .providerError }
        let milliseconds = fields.count("latency_ms", in: 0...86_400_000)
        outcome.latencyMicroseconds = milliseconds.map { $0 * 1000 }
        return outcome
    }

    /// Tags by any name that can name a dimension; `run` may stand for itself.
    private static func tags(_ fields: inout EventFields) -> [Claim] {
        var tags: [Claim] = []
        if let run = fields.text("run", bytesMax: TagText.valueBytesMax) { tags.append(Claim(name: "run", value: run)) }
        guard let object = fields.value("tags") else { return tags }
        guard object.kind == .object else { return fields.refuse("tags", "an object of texts") ?? [] }
        for (name, value) in object.members where !value.isNull {
            guard Dimension(name.lowercased()) != nil else {
                fields.problem("'\(EventFields.shortened(name))' cannot name a tag: use a-z, 0-9, '_', '.' and '-'")
                continue
            }
            guard let text = value.string ?? value.plainText, let clean = TagText.cleaned(text) else {
                fields.problem("the tag '\(name)' must be a text of at most \(TagText.valueBytesMax) bytes")
                continue
            }
            if !clean.isEmpty { tags.append(Claim(name: name, value: clean)) }
        }
        if tags.count > TagText.tagsMax { fields.problem("an event has at most \(TagText.tagsMax) tags") }
        return tags
    }
}

extension JSONView {
    /// A number, `true` or `false` as it is written; `nil` for anything else.
    fileprivate var plainText: String? {
        switch kind {
        case .atom(.number), .atom(.true), .atom(.false): String(decoding: text, as: UTF8.self)
        default: nil
        }
    }
}

/// Why a body of events cannot be read at all.
package struct EventBodyProblem: Error, Hashable {
    package var message: String

    package init(message: String) {
        self.message = message
    }
}
