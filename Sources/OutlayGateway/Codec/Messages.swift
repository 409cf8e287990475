internal import NIOCore

/// One header field as it was sent.
struct Field: Hashable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension Field {
    /// The fields that a `Connection` field names, in lower case; none of any other field.
    var connectionOptions: [String] {
        guard name.isField("connection"), !value.isField("keep-alive"), !value.isField("close") else { return [] }
        return value.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
    }
}

/// The start of a request, whichever codec read it.
struct RequestHead: Hashable, Sendable {
    var method: String
    /// The request target as it was sent: path and query.
    var target: String
    var isHTTP10: Bool
    /// Whether the sender wants the connection kept, by version and `Connection`.
    var keepsAlive: Bool
    var fields: [Field]
}

/// The start of an answer, whichever codec wrote it.
struct ResponseHead: Hashable, Sendable {
    var status: Int
    var reason: String
    var fields: [Field]
    /// Whether the connection can carry another exchange after this one.
    var keepsAlive: Bool

    init(status: Int, reason: String = "", fields: [Field] = [], keepsAlive: Bool = true) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.keepsAlive = keepsAlive
    }

    /// The first value of the field, whose name is given in lower case.
    subscript(_ lowercasedName: String) -> String? {
        fields.first { $0.name.isField(lowercasedName) }?.value
    }
}

extension String {
    /// Whether this names the same field as `lowercased`, in any case.
    func isField(_ lowercased: String) -> Bool {
        utf8.count == lowercased.utf8.count && hasFieldPrefix(lowercased)
    }

    /// Whether the name begins with `lowercased`, in any case.
    func hasFieldPrefix(_ lowercased: String) -> Bool {
        let (bytes, wanted) = (utf8.span, lowercased.utf8.span)
        guard bytes.count >= wanted.count else { return false }
        for index in wanted.indices {
            let byte = bytes[index]
            let isLetter = byte &- UInt8(ascii: "A") < 26
            guard (isLetter ? byte | 0x20 : byte) == wanted[index] else { return false }
        }
        return true
    }
}

/// What a codec makes of bytes that are no request.
enum CodecProblem: Error, Hashable {
    /// More than 100 fields or 32 KiB of them.
    case headersTooLarge
    /// Not HTTP/1.x, or framed so that two readers could disagree (F8).
    case malformed
}

/// What a client connection is told by its codec; always on the connection's loop.
protocol ServerCodecReceiver: AnyObject {
    func opened()
    func received(_ head: RequestHead)
    func received(_ body: ByteBuffer)
    func receivedEnd()
    /// Everything that had arrived was handed over.
    func readCompleted()
    func failed(_ problem: CodecProblem)
    func writabilityChanged()
    func closed()
}

/// What a client connection asks of its codec.
protocol ServerCodec: AnyObject {
    /// Whether the client takes bytes as fast as they come.
    var isWritable: Bool { get }
    /// Sends the head; `isChunked` frames a body whose length it does not say.
    func send(_ head: ResponseHead, isHTTP10: Bool, isChunked: Bool)
    func send(_ body: ByteBuffer)
    func sendEnd()
    func sendContinue()
    func flush()
    /// Asks for more bytes; ignored while paused.
    func read()
    /// Holds back what the client pipelines until ``resume()``.
    func pause()
    func resume()
    /// Says that nothing more will be sent; what still arrives is read and thrown away.
    ///
    /// Closing at once would reset the connection under a client that still sends, and lose the answer.
    func closeSending()
    /// Closes after what was sent so far.
    func close()
}

/// What an exchange is told by the upstream's codec.
protocol UpstreamReceiver: AnyObject {
    func received(_ head: ResponseHead)
    /// Bytes of the body as they came.
    func received(_ body: ByteBuffer)
    /// The same bytes, inflated; called only when the head promised a `gzip` or `deflate` body.
    func inflated(_ body: ByteBuffer)
    /// The body could not be inflated: its content stays unknown.
    func inflationFailed()
    func receivedEnd()
    func readCompleted()
    /// The connection broke or spoke something else; no further calls follow.
    func broke()
}
