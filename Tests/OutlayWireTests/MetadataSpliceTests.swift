import OutlayCore
import OutlayWire
import Testing

@Suite struct MetadataSpliceTests {
    private static let tags: TagSet = [.team: "growth \"A\"", .project: "x"]

    private func spliced(
        _ body: String,
        tags: TagSet = tags,
        api: String = "responses",
        hasLabels: Bool = false
    ) -> String? {
        let bytes = Array(body.utf8)
        return BodySplice.metadata(tags, into: bytes, api: api, hasLabels: hasLabels).map { splice in
            var changed = bytes
            changed.replaceSubrange(splice.range, with: splice.bytes)
            return String(decoding: changed, as: UTF8.self)
        }
    }

    @Test func `tags stand in the metadata field and nothing else changes`() {
        #expect(
            spliced(#" {"model": "m"}"#)
                == #" {"metadata":{"project":"x","team":"growth \"A\""},"model": "m"}"#
        )
        #expect(spliced("{}") == #"{"metadata":{"project":"x","team":"growth \"A\""}}"#)
    }

    @Test func `a caller's own metadata, another API and a body that is no object are left alone`() {
        #expect(spliced(#"{"metadata":{"a":"b"}}"#) == nil)
        #expect(spliced(#"{"metadata":null}"#) == nil)
        #expect(spliced(#"{"model":"m"}"#, api: "messages") == nil)
        #expect(spliced("[1]") == nil)
        #expect(spliced("{") == nil)
        #expect(spliced(#"{"model":"m"}"#, tags: .empty) == nil)
    }

    @Test func `Anthropic's messages take the user and nothing else`() {
        let tags: TagSet = [.team: "growth", .user: "u-17"]
        let body = #"{"model":"m","max_tokens":1}"#
        #expect(
            spliced(body, tags: tags, api: "messages")
                == #"{"metadata":{"user_id":"u-17"},"model":"m","max_tokens":1}"#
        )
        #expect(spliced(#"{"metadata":{"user_id":"own"}}"#, tags: tags, api: "messages") == nil)
        #expect(spliced(body, tags: [.user: String(repeating: "u", count: 257)], api: "messages") == nil)
    }

    @Test func `Vertex takes labels in the letters that labels have, the Gemini API none`() throws {
        let tags: TagSet = [.team: "Growth & Co", .costCenter: "cc-1", try #require(Dimension("1st")): "x"]
        #expect(
            spliced("{}", tags: tags, api: "generateContent", hasLabels: true)
                == #"{"labels":{"cost_center":"cc-1","team":"growth___co"}}"#
        )
        #expect(spliced("{}", tags: tags, api: "generateContent") == nil)
        #expect(spliced(#"{"labels":{}}"#, tags: tags, api: "generateContent", hasLabels: true) == nil)
        let long: TagSet = [.team: String(repeating: "x", count: 64), .project: "p"]
        #expect(spliced("{}", tags: long, api: "generateContent", hasLabels: true) == #"{"labels":{"project":"p"}}"#)
    }

    @Test func `what is past the provider's bounds is left out`() throws {
        let long = TagSet([Tag(.team, String(repeating: "x", count: 513)), Tag(.project, "p")])
        #expect(spliced("{}", tags: long) == #"{"metadata":{"project":"p"}}"#)
        let many = TagSet(try (0..<20).map { Tag(try #require(Dimension("d\($0)")), "v") })
        #expect(spliced("{}", tags: many)?.split(separator: ",").count == 16)
    }
}
