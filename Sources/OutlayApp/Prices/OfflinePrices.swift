internal import Foundation
internal import Logging
internal import OutlayConfig
internal import OutlayCore
package import OutlayWire

/// Prices answers and lists rates without a server: the built-in book, and own prices of a configuration.
package struct OfflinePrices: Sendable {
    /// Whose answer a file holds.
    package struct Call: Sendable {
        package var provider: String
        package var api: String
        package var model: String?
        package var at: String?
        /// `name=value` pairs.
        package var context: [String]
        /// The request's body, where it is known.
        package var request: [UInt8]?

        package init(provider: String, api: String, model: String?, at: String?, context: [String]) {
            self.provider = provider
            self.api = api
            self.model = model
            self.at = at
            self.context = context
        }
    }

    private let book: PriceBook

    package init(configuration: String?) throws {
        let contents = try PriceBookJSON.read(EmbeddedBook.json)
        guard let path = configuration ?? ProcessInfo.processInfo.environment["OUTLAY_CONFIG"] else {
            book = PriceBook(contents)
            return
        }
        var settings = Settings(dataFolder: "")
        settings.configuration = path
        let resources = try Configuration(settings).resources(logger: Logger(label: "outlay"))
        book = PriceBook(contents).overlaid(by: resources.ownPrices, discounts: resources.discounts)
    }

    package func list(matching text: String) -> [PriceAnswer] {
        PriceList(book).answers(matching: text, at: SystemClock.now())
    }

    /// Reads usage from `body` as the gateway would, and prices it.
    package func rate(_ body: [UInt8], of call: Call) throws -> RatingAnswer {
        let time = try Self.time(call.at)
        let asked = try Self.context(call.context)
        let dialect = Self.dialect(of: call)
        let contentType = answerContentType(of: body)
        var peek = try Self.peek(at: call, dialect: dialect)
        peek.model = peek.model ?? call.model
        peek.context = peek.context.overridden(by: asked)
        var reader = answerReader(
            dialect: dialect,
            provider: call.provider,
            api: call.api,
            isStream: contentType != "application/json",
            contentType: contentType,
            peek: peek
        )
        unsafe reader.read(body.span.bytes)
        let reading = reader.finish(isCut: false)
        let metering = Self.metering(reading, peek: peek, hasRequest: call.request != nil)
        let model = reading.model ?? call.model
        guard metering.quality != .unmetered, metering.quality != .unbilled else {
            let nothing = Rating(lines: [], state: .unpriced, version: book.version)
            return RatingAnswer(nothing, metering: metering, model: model)
        }
        let rating = book.rate(
            metering.parts,
            provider: call.provider,
            api: call.api,
            model: model,
            at: time,
            context: peek.context.overridden(by: reading.context)
        )
        return RatingAnswer(rating, metering: metering, model: model)
    }

    /// What the gateway would book of a call that succeeded.
    ///
    /// Without the request an answer that holds no usage cannot be estimated: half an estimate would look like a price.
    private static func metering(_ reading: AnswerReading, peek: RequestPeek, hasRequest: Bool) -> Metering {
        if !reading.hasUsage, !reading.parts.isEmpty {
            return Metering(parts: reading.parts, quality: .exact, flags: reading.flags, raw: reading.raw)
        }
        guard reading.hasUsage || hasRequest else {
            return Metering(quality: .unmetered, flags: reading.flags, raw: reading.raw)
        }
        return Metering(of: reading, peek: peek, isSuccess: true, ratio: .standard)
    }

    /// Why `answer` has no price, where it is for a name that the book does not have; `nil` where it is not.
    package func unknownName(in answer: RatingAnswer, of call: Call) -> String? {
        guard answer.state != Rating.State.rated.rawValue, !answer.unpricedUnits.isEmpty else { return nil }
        let names = book.contents.providers.flatMap { [$0.name] + $0.aliases }
        guard names.contains(call.provider) else {
            let known = "known are \(Suggestion.listing(book.contents.providers.map(\.name)))"
            let ending = Suggestion.ending(for: call.provider, among: names, otherwise: known)
            return "the price book has no provider '\(call.provider)'\(ending)"
        }
        guard let model = answer.model else { return "the answer names no model: give one with --model" }
        guard let time = try? Self.time(call.at), book.entry(for: model, of: call.provider, at: time) == nil else {
            return nil
        }
        let models = book.contents.models.filter { $0.provider == call.provider }.map(\.name)
        let ending = Suggestion.ending(for: model, among: models, otherwise: "list them with outlay price list")
        return "the price book has no model '\(model)' of \(call.provider) at that time\(ending)"
    }

    private static func peek(at call: Call, dialect: Upstream.Dialect) throws -> RequestPeek {
        guard let request = call.request else { return RequestPeek() }
        do {
            return try RequestPeek(body: request, dialect: dialect, api: call.api)
        } catch {
            throw StartFailure.usage("the request's body cannot be read: \(error)")
        }
    }

    private static func time(_ text: String?) throws -> Timestamp {
        guard let text else { return SystemClock.now() }
        guard let span = TimeText.span(text, in: UTC()) else {
            throw StartFailure.usage(TimeTextError.unreadable(text).description)
        }
        return span.lowerBound
    }

    /// A sentence for each `name=value` whose name the book does not ask about, with what may have been meant.
    package static func unknownContext(_ pairs: [String]) -> [String] {
        let names = RatingContext.fields.map(\.name)
        return pairs.compactMap { pair in
            let name = String(pair.prefix { $0 != "=" })
            guard !name.isEmpty, pair.contains("="), !names.contains(name) else { return nil }
            let ending = Suggestion.ending(for: name, among: names, otherwise: "known are \(Suggestion.listing(names))")
            return "the context '\(name)' changes no price and is left out\(ending)"
        }
    }

    private static func context(_ pairs: [String]) throws -> RatingContext {
        var context = RatingContext()
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let names = RatingContext.fields.map(\.name)
            guard parts.count == 2 else { throw StartFailure.usage("'\(pair)' is no context: write service_tier=flex") }
            guard !parts[0].isEmpty else {
                throw StartFailure.usage("'\(pair)' has no name; known are \(names.joined(separator: ", "))")
            }
            // A context the book does not ask about changes no price; `unknownContext` tells of it.
            guard let field = RatingContext.fields.first(where: { $0.name == parts[0] }) else { continue }
            context[keyPath: field.path] = String(parts[1])
        }
        return context
    }

    private static func dialect(of call: Call) -> Upstream.Dialect {
        switch call.provider {
        case "anthropic": .anthropic
        case "google", "gemini", "vertex": .gemini
        case "azure": .azureOpenAI
        case "openai": .openai
        default: call.api == "messages" ? .anthropic : .openaiCompatible
        }
    }
}
