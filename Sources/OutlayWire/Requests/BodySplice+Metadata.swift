package import OutlayCore

extension BodySplice {
    /// The APIs whose requests may carry a `metadata` object of strings.
    private static let apisWithMetadata: Set<String> = ["chat.completions", "responses"]

    /// OpenAI's bounds of `metadata`: pairs, bytes of a name, bytes of a value.
    private static let bounds = (pairs: 16, name: 64, value: 512)

    /// Writes `tags` into the request's `metadata` field, for upstreams whose operator asked for it.
    ///
    /// - Returns: `nil` when the API has no such field, the caller filled it himself, there is nothing to write or the
    ///   body is no JSON object. Tags past the provider's bounds are left out.
    package static func metadata(_ tags: TagSet, into body: [UInt8], api: String) -> BodySplice? {
        let pairs = tags.filter { $0.dimension.name.utf8.count <= bounds.name && $0.value.utf8.count <= bounds.value }
        guard apisWithMetadata.contains(api), !pairs.isEmpty, let document = try? JSONDocument(body) else { return nil }
        let root = document.root
        guard root.kind == .object, root["metadata"] == nil,
            let start = body.firstIndex(of: UInt8(ascii: "{"))
        else { return nil }
        var writer = JSONWriter()
        writer.object { writer in
            for tag in pairs.prefix(bounds.pairs) { writer.member(tag.dimension.name, tag.value) }
        }
        let comma = root.members.isEmpty ? [] : [UInt8(ascii: ",")]
        return BodySplice(range: (start + 1)..<(start + 1), bytes: Array("\"metadata\":".utf8) + writer.bytes + comma)
    }
}
