internal import NIOCore

/// One message read from bytes that hold it and nothing else: the codec's readers without a connection.
package struct ReadMessage {
    /// `GET /v1/models 1.1`, `200 1.1`.
    package let start: String
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]

    /// What `bytes` are, if they are no whole message.
    package enum Problem: Error, Hashable {
        case refused
        case incomplete
        case moreThanOne
    }

    /// Reads `bytes`, in pieces of at most `piece` bytes, up to their end, which is the connection's.
    package init(_ bytes: [UInt8], isRequest: Bool, piece: Int = .max) throws(Problem) {
        var run = Run(isRequest: isRequest)
        var rest = bytes[...]
        do throws(CodecProblem) {
            repeat {
                try run.take(rest.prefix(piece))
                rest = rest.dropFirst(piece)
            } while !rest.isEmpty
        } catch {
            throw .refused
        }
        guard let head = run.head, run.isEnded || run.body?.endsAtClose ?? false else { throw .incomplete }
        guard run.input.readableBytes == 0 else { throw .moreThanOne }
        let version = head.start.isHTTP10 ? "1.0" : "1.1"
        start =
            isRequest
            ? "\(head.start.method) \(head.start.target) \(version)"
            : "\(head.start.status) \(version)"
        fields = head.fields.map { ($0.name, $0.value) }
        body = run.bytes
    }

    private struct Run {
        let isRequest: Bool
        var reader: HeadReader
        var head: HeadReader.Head?
        var body: BodyReader?
        var input = ByteBuffer()
        var bytes: [UInt8] = []
        var isEnded = false

        init(isRequest: Bool) {
            self.isRequest = isRequest
            reader = HeadReader(isRequest ? .request : .answer, limits: HeadReader.Limits())
        }

        mutating func take(_ piece: ArraySlice<UInt8>) throws(CodecProblem) {
            input.writeBytes(piece)
            while head == nil {
                guard let whole = try reader.read(&input) else { return }
                if !isRequest, whole.start.status < 200 {
                    guard whole.start.status != 101 else { throw .malformed }
                    reader = HeadReader(.answer, limits: HeadReader.Limits())
                    continue
                }
                head = whole
                body = BodyReader(whole.framing)
            }
            while !isEnded, let part = try body?.next(&input) {
                switch part {
                case .bytes(let more): bytes += Array(more.readableBytesView)
                case .end: isEnded = true
                }
            }
        }
    }
}
