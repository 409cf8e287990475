package import OutlayCore

/// What is looked at in a request body before it is forwarded.
///
/// Prompts are counted, never kept.
package struct RequestPeek: Hashable, Sendable {
    package var model: String?
    package var isStream: Bool
    /// The most output tokens the caller allows.
    package var maxOutputTokens: Int?
    /// How many answers are asked for.
    package var choices: Int
    /// Where the model's name stands in the body, with its quotes.
    package var modelRange: Range<Int>?
    /// Characters of text in the prompt, for estimates of input that no usage covers.
    package var promptCharacters: Int
    /// `stream_options.include_usage` as the caller wrote it; `nil` when absent.
    package var includeUsage: Bool?
    /// Tags claimed in the provider's own metadata fields (`metadata`, JSON in `user`, `metadata.user_id`).
    package var metadata: [(name: String, value: String)]
    /// The end user, where `user` or `safety_identifier` is a plain string.
    package var user: String?
    /// Tier, speed, cache lifetime as requested.
    package var context: RatingContext
    /// Input characters of a speech request (`input`), which its answer does not report.
    package var inputCharacters: Int?
    /// How `stream_options.include_usage` is turned on; `nil` where it is on already or does not apply.
    package var includeUsageSplice: BodySplice?

    package init() {
        isStream = false
        promptCharacters = 0
        choices = 1
        metadata = []
        context = RatingContext()
    }

    /// Puts ``model`` in the place of the name in the body; `nil` where the body names none.
    package var modelSplice: BodySplice? {
        guard let modelRange, let model else { return nil }
        var writer = JSONWriter()
        writer.string(model)
        return BodySplice(range: modelRange, bytes: writer.bytes)
    }

    package static func == (left: RequestPeek, right: RequestPeek) -> Bool {
        left.model == right.model && left.isStream == right.isStream && left.maxOutputTokens == right.maxOutputTokens
            && left.choices == right.choices && left.modelRange == right.modelRange
            && left.promptCharacters == right.promptCharacters && left.includeUsage == right.includeUsage
            && left.metadata.elementsEqual(right.metadata, by: ==) && left.user == right.user
            && left.context == right.context && left.inputCharacters == right.inputCharacters
            && left.includeUsageSplice == right.includeUsageSplice
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(model)
        hasher.combine(promptCharacters)
    }
}

/// One change of a body that leaves every other byte as it is.
package struct BodySplice: Hashable, Sendable {
    /// The bytes that go; empty where something is only put in.
    package var range: Range<Int>
    package var bytes: [UInt8]

    package init(range: Range<Int>, bytes: [UInt8]) {
        self.range = range
        self.bytes = bytes
    }
}

/// Why a request body is refused before it is forwarded.
package enum RequestPeekError: Error, Hashable {
    /// Not the JSON object its content type promises.
    case malformed
    /// A key that decides money or policy occurs twice; the provider might read the other one (S-04).
    case duplicateKey(String)
}
