package import OutlayCore
internal import OutlayWire
internal import Synchronization

/// What the gateway is given from outside: everything that decides, remembers or surprises.
package struct GatewaySeams: Sendable {
    package var book: any CallBook
    package var gate: any CallGate = OpenGate()
    /// SHA-256 of a client key as it was sent.
    package var digest: @Sendable (Span<UInt8>) -> KeyDigest
    package var now: @Sendable () -> Timestamp
    package var random: @Sendable () -> UInt64

    package init(
        book: any CallBook,
        digest: @escaping @Sendable (Span<UInt8>) -> KeyDigest,
        now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.book = book
        self.digest = digest
        self.now = now
        self.random = random
    }
}

/// The injected random bits as a generator.
struct Dice: RandomNumberGenerator {
    let random: @Sendable () -> UInt64

    func next() -> UInt64 { random() }
}

/// What all loops of one gateway share.
final class GatewayCore: Sendable {
    let seams: GatewaySeams
    let snapshots: SnapshotBox
    let metrics: GatewayMetrics
    let recent = RecentCalls()
    let turns = RecentTurns()
    let addresses = AddressCounts()
    let isStrict: Bool
    /// Characters per token, learned from every answer with exact usage.
    private let estimator = Mutex(Estimator())

    init(seams: GatewaySeams, snapshots: SnapshotBox, metrics: GatewayMetrics, isStrict: Bool) {
        self.seams = seams
        self.snapshots = snapshots
        self.metrics = metrics
        self.isStrict = isStrict
    }

    func nextCallID(at now: Timestamp) -> CallID {
        var dice = Dice(random: seams.random)
        return CallID(at: now, random: &dice)
    }

    func ratio(provider: String, model: String?) -> CharactersPerToken {
        estimator.withLock { $0.ratio(provider: provider, model: model) }
    }

    /// Learns from a complete answer whose tokens are all visible.
    func learn(from reading: AnswerReading, provider: String, model: String?) {
        let tokens = reading.parts.reduce(into: Int64(0)) { $0 &+= $1.usage[.output] }
        guard reading.outputCharacters > 0, tokens > 0, !Self.isReasoning(reading) else { return }
        estimator.withLock {
            $0.learn(provider: provider, model: model, characters: reading.outputCharacters, tokens: tokens)
        }
    }

    /// Whether the reported output holds tokens of hidden reasoning: a member for them whose number is not 0.
    ///
    /// Searched as bytes: it is asked of every answer.
    private static func isReasoning(_ reading: AnswerReading) -> Bool {
        guard let raw = reading.raw else { return false }
        let text = raw.utf8.span
        for index in text.indices where text[index] == UInt8(ascii: "\"") {
            for name in reasoningMembers where isCounted(name, text, at: index + 1) { return true }
        }
        return false
    }

    /// Whether `text` has `name` at `start` and behind it a number that is not 0.
    private static func isCounted(_ name: String, _ text: Span<UInt8>, at start: Int) -> Bool {
        let name = name.utf8.span
        guard text.count &- start > name.count else { return false }
        for index in name.indices where text[start &+ index] != name[index] { return false }
        var index = start + name.count
        while index < text.count, text[index] == UInt8(ascii: ":") || text[index] <= 0x20 { index += 1 }
        return index < text.count && (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(text[index])
    }

    private static let reasoningMembers = ["reasoning_tokens\"", "thoughtsTokenCount\"", "thinking_tokens\""]
}
