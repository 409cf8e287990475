/// The bytes of one answer in the pieces they are sent in, with the pause before each.
struct PieceSource: Sendable {
    struct Piece: Hashable, Sendable {
        var bytes: [UInt8]
        /// Milliseconds to wait before it is sent.
        var pause = 0
    }

    private enum Stage: Hashable {
        case opening
        case deltas
        case closing
        case ended
    }

    private let script: StreamScript?
    private let directions: Directions
    private var stage = Stage.opening
    private var pending: ArraySlice<Piece> = []
    private var events = 0
    private var gzip: Gzip?
    /// Tokens of text handed out; all of them for a whole body, which was made before it was sent.
    private(set) var generated = 0
    /// Whether the answer breaks off rather than ends.
    private(set) var isCut = false

    init(_ reply: Reply) {
        directions = reply.directions
        switch reply.body {
        case .stream(let script):
            self.script = script
            gzip = directions.fault.has(.gzip) ? Gzip() : nil
            if gzip != nil { pending = [Piece(bytes: Gzip.opening)] }
        case .whole(let bytes):
            script = nil
            stage = .ended
            generated = reply.charge?.usage.output ?? 0
            isCut = directions.fault.truncate != nil || directions.fault.has(.wrongLength)
            let sent = directions.fault.has(.gzip) ? Gzip.whole(bytes) : bytes
            add(Array(sent.prefix(directions.fault.truncate ?? sent.count)))
        }
    }

    mutating func next() -> Piece? {
        while pending.isEmpty, stage != .ended { advance() }
        return pending.popFirst()
    }

    private mutating func advance() {
        guard let script else { return stage = .ended }
        switch stage {
        case .opening:
            for event in script.opening where stage == .opening { send(event) }
            if stage == .opening { stage = .deltas }
        case .deltas:
            guard generated < script.tokens else { return stage = .closing }
            let range = generated..<min(script.tokens, generated + directions.tokensPerChunk)
            let pause = generated == 0 ? 0 : directions.tokenMilliseconds * range.count
            if send(script.delta(range), pause: pause) { generated = range.upperBound }
        case .closing:
            for event in script.closing where stage == .closing { send(event) }
            guard stage == .closing else { return }
            if !directions.fault.has(.noEnd) { send(script.end) }
            end()
        case .ended: break
        }
    }

    /// Hands out one event, unless the fault ends the stream before it.
    @discardableResult
    private mutating func send(_ event: [UInt8], pause: Int = 0) -> Bool {
        if directions.fault.truncate.map({ events >= $0 }) ?? false {
            isCut = true
            stage = .ended
            return false
        }
        if directions.fault.errorEventAfter.map({ events >= $0 }) ?? false {
            isCut = true
            add(script?.failure ?? [])
            end()
            return false
        }
        events += 1
        add(styled(event), pause: pause)
        return true
    }

    private mutating func end() {
        stage = .ended
        if let gzip { pending.append(Piece(bytes: gzip.closing)) }
    }

    /// The event with the line ends and comments that the fault asks for.
    private func styled(_ event: [UInt8]) -> [UInt8] {
        guard script?.isEvents ?? false else { return event }
        var styled = event
        if directions.fault.has(.comments) { styled = Array(": SANDBOX PROCESSING\n\n".utf8) + styled }
        guard directions.fault.has(.crlf) else { return styled }
        return styled.flatMap { $0 == UInt8(ascii: "\n") ? [13, 10] : [$0] }
    }

    private mutating func add(_ bytes: [UInt8], pause: Int = 0) {
        let sent = script == nil ? bytes : gzip?.blocks(bytes) ?? bytes
        let size = directions.fault.slowBytes == nil ? directions.fault.split ?? sent.count : 1
        for start in stride(from: 0, to: sent.count, by: max(1, size)) {
            let part = Array(sent[start..<min(start + max(1, size), sent.count)])
            let gap = directions.fault.slowBytes ?? 0
            pending.append(Piece(bytes: part, pause: start == 0 ? max(pause, gap) : gap))
        }
    }
}
