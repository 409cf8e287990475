/// What Codex says of the turn a call belongs to, in the header `x-codex-turn-metadata`.
package struct CodexTurn: Hashable, Sendable {
    package var id: String
    package var session: String?
    package var agent: String?
    package var reasoningEffort: String?

    /// Longer values are no metadata of a turn.
    private static let bytesMax = 8192
    private static let idBytesMax = 256

    /// - Returns: `nil` unless `header` is a JSON object that names a turn.
    package init?(header: String) {
        guard header.utf8.count <= Self.bytesMax, let document = try? JSONDocument(Array(header.utf8)) else {
            return nil
        }
        let root = document.root
        let text = { (name: String) in root[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = text("turn_id"), id.utf8.count <= Self.idBytesMax else { return nil }
        self.id = id
        session = text("session_id") ?? text("thread_id")
        agent = text("agent_name")
        reasoningEffort = text("reasoning_effort")
    }
}
