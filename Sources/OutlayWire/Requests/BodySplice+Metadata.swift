package import OutlayCore

extension BodySplice {
    /// A provider's own field for tags: where it is and what fits into it.
    private struct MetadataField {
        var name: String
        /// Pairs, bytes of a name, bytes of a value.
        var bounds: (pairs: Int, name: Int, value: Int)
        /// Whether names and values must be small letters, digits, `_` and `-`, as Google's labels are.
        var isLabels = false
    }

    private static let openAI = MetadataField(name: "metadata", bounds: (16, 64, 512))
    /// Google: https://cloud.google.com/resource-manager/docs/labels-overview.
    private static let labels = MetadataField(name: "labels", bounds: (64, 63, 63), isLabels: true)
    /// The longest `metadata.user_id` that Anthropic takes.
    private static let userBytesMax = 256

    /// Writes `tags` into the provider's own field of a request, for upstreams whose operator asked for it.
    ///
    /// OpenAI's chat and responses have `metadata`, Vertex AI's generateContent has `labels`, and Anthropic's messages
    /// have `metadata.user_id`, which takes the user and nothing else. Other APIs have no such field.
    ///
    /// - Parameter hasLabels: whether `generateContent` is Vertex AI's; the Gemini API refuses a request with labels.
    /// - Returns: `nil` when the API has no such field, the caller filled it himself, there is nothing to write or the
    ///   body is no JSON object. Tags past the provider's bounds are left out.
    package static func metadata(
        _ tags: TagSet,
        into body: [UInt8],
        api: String,
        hasLabels: Bool = false
    ) -> BodySplice? {
        switch api {
        case "chat.completions", "responses": splice(pairs(of: tags, for: openAI), as: openAI.name, into: body)
        case "generateContent" where hasLabels: splice(pairs(of: tags, for: labels), as: labels.name, into: body)
        case "messages":
            splice(
                tags[.user].flatMap { $0.utf8.count <= userBytesMax ? [("user_id", $0)] : nil } ?? [],
                as: "metadata",
                into: body
            )
        default: nil
        }
    }

    private static func pairs(of tags: TagSet, for field: MetadataField) -> [(String, String)] {
        let all = tags.map { tag in
            field.isLabels ? (label(tag.dimension.name), label(tag.value)) : (tag.dimension.name, tag.value)
        }
        let fitting = all.filter { name, value in
            let isNamed = !field.isLabels || name.utf8.first.map { (0x61...0x7a).contains($0) } ?? false
            return isNamed && name.utf8.count <= field.bounds.name && value.utf8.count <= field.bounds.value
        }
        return Array(fitting.prefix(field.bounds.pairs))
    }

    /// `text` as a label may be: other letters small, anything else `_`.
    private static func label(_ text: String) -> String {
        let bytes = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func splice(_ pairs: [(String, String)], as field: String, into body: [UInt8]) -> BodySplice? {
        guard !pairs.isEmpty, let document = try? JSONDocument(body) else { return nil }
        let root = document.root
        guard root.kind == .object, root[field] == nil, let start = body.firstIndex(of: UInt8(ascii: "{")) else {
            return nil
        }
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in pairs { writer.member(name, value) }
        }
        let comma = root.members.isEmpty ? [] : [UInt8(ascii: ",")]
        return BodySplice(range: (start + 1)..<(start + 1), bytes: Array("\"\(field)\":".utf8) + writer.bytes + comma)
    }
}
