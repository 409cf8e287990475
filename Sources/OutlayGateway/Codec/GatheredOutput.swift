internal import NIOCore

/// A connection with bytes to send.
protocol Flushable: AnyObject {
    func flushNow()
}

/// What the connections of one loop share for sending: buffers, and the moment.
///
/// What one round of the loop makes ready is sent at the round's end, all together: a peer that sleeps is woken once
/// for many answers. A loop with one thing to do sends at once.
final class LoopOutput {
    private let loop: any EventLoop
    private var waiting: [any Flushable] = []
    /// Those being sent; the two take turns, so that neither is allocated anew.
    private var sending: [any Flushable] = []
    private var buffers: [ByteBuffer] = []

    private static let buffersMax = 64
    /// What a buffer may have grown to and still be kept.
    private static let capacityMax = 16 * 1024

    init(loop: any EventLoop) {
        self.loop = loop
    }

    /// Sends what `connection` has at the end of this round.
    func flushSoon(_ connection: any Flushable) {
        waiting.append(connection)
        guard waiting.count == 1 else { return }
        loop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        swap(&waiting, &sending)
        for connection in sending { connection.flushNow() }
        sending.removeAll(keepingCapacity: true)
    }

    fileprivate func takeBuffer() -> ByteBuffer {
        buffers.popLast() ?? ByteBufferAllocator().buffer(capacity: 2048)
    }

    fileprivate func giveBack(_ buffer: ByteBuffer) {
        guard buffer.capacity <= Self.capacityMax, buffers.count < Self.buffersMax else { return }
        buffers.append(buffer)
    }
}

/// What one connection is about to send, gathered so that a head and a small body leave in one write.
struct GatheredOutput {
    let loop: LoopOutput
    private var bytes = ByteBuffer()

    /// Larger bodies are sent from where they are.
    private static let copiedMax = 16 * 1024

    init(_ loop: LoopOutput) {
        self.loop = loop
    }

    /// Takes a buffer of the loop, when this connection has none.
    private mutating func begin() {
        guard bytes.capacity == 0 else { return }
        bytes = loop.takeBuffer()
        bytes.clear()
    }

    mutating func write(_ head: ResponseHead, isHTTP10: Bool, isChunked: Bool) {
        begin()
        let reason = head.reason.isEmpty ? ReasonPhrase.of(head.status) : head.reason
        let size = Self.size(of: head.fields) + reason.utf8.count + Self.framingMax
        bytes.writeWithOutputRawSpan(minimumWritableBytes: size) { output in
            output.append(isHTTP10 ? "HTTP/1.0 " : "HTTP/1.1 ")
            output.append(head.status == 200 ? "200" : String(head.status))
            output.append(" ")
            output.append(reason)
            output.append("\r\n")
            output.append(head.fields)
            if !head.keepsAlive { output.append("connection: close\r\n") }
            if isChunked { output.append("transfer-encoding: chunked\r\n") }
            output.append("\r\n")
        }
    }

    mutating func write(_ head: RequestHead) {
        begin()
        let size = Self.size(of: head.fields) + head.method.utf8.count + head.target.utf8.count + Self.framingMax
        bytes.writeWithOutputRawSpan(minimumWritableBytes: size) { output in
            output.append(head.method)
            output.append(" ")
            output.append(head.target)
            output.append(" HTTP/1.1\r\n")
            output.append(head.fields)
            output.append("\r\n")
        }
    }

    /// What a head may need beside its fields and its texts.
    private static let framingMax = 128

    private static func size(of fields: [Field]) -> Int {
        var size = 0
        for field in fields { size += field.name.utf8.count + field.value.utf8.count + 4 }
        return size
    }

    mutating func write(_ body: ByteBuffer, to context: ChannelHandlerContext) {
        begin()
        guard body.readableBytes > Self.copiedMax else {
            bytes.writeImmutableBuffer(body)
            return
        }
        hand(to: context)
        context.write(NIOAny(body), promise: nil)
    }

    mutating func writeChunkSize(_ count: Int) {
        begin()
        bytes.writeString(String(count, radix: 16))
        writeLineEnd()
    }

    mutating func writeLineEnd() {
        begin()
        bytes.writeStaticString("\r\n")
    }

    mutating func writeLastChunk() {
        begin()
        bytes.writeStaticString("0\r\n\r\n")
    }

    mutating func writeContinue() {
        begin()
        bytes.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
    }

    /// Sends everything; the buffer goes back to the loop once the kernel has its bytes.
    mutating func flush(to context: ChannelHandlerContext) {
        hand(to: context)
        context.flush()
        guard bytes.capacity > 0 else { return }
        loop.giveBack(bytes)
        bytes = ByteBuffer()
    }

    /// Hands what was gathered to the channel, which sends it at the next flush.
    private mutating func hand(to context: ChannelHandlerContext) {
        guard bytes.readableBytes > 0 else { return }
        context.write(NIOAny(bytes), promise: nil)
        bytes.moveReaderIndex(to: bytes.writerIndex)
    }
}

/// The usual words for a status (RFC 9110, section 15); only for answers of our own.
enum ReasonPhrase {
    static func of(_ status: Int) -> String { phrases[status] ?? "" }

    private static let phrases: [Int: String] = [
        200: "OK", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
        404: "Not Found", 408: "Request Timeout", 413: "Content Too Large", 422: "Unprocessable Content",
        429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}

extension ByteBuffer {
    /// Adds `more` behind what is left here; keeps the storage it came in where nothing is left.
    mutating func take(_ more: ByteBuffer) {
        if readableBytes == 0 {
            self = more
        } else {
            writeImmutableBuffer(more)
        }
    }

    /// Lets go of storage that has nothing left in it, so that the channel can read into it again.
    mutating func releaseIfEmpty() {
        if readableBytes == 0, capacity > 0 { self = ByteBuffer() }
    }
}

extension OutputRawSpan {
    fileprivate mutating func append(_ fields: [Field]) {
        for field in fields {
            append(field.name)
            append(": ")
            append(field.value)
            append("\r\n")
        }
    }

    /// Appends the bytes of `text`, eight at a time; there is room for them.
    fileprivate mutating func append(_ text: String) {
        let text = text.utf8.span
        // The bytes of a text hold no padding.
        let bytes = unsafe text.bytes
        var index = 0
        while index &+ 8 <= bytes.byteCount {
            // Any eight bytes are a number; both functions trap outside the bounds.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            unsafe append(word, as: UInt64.self)
            index &+= 8
        }
        while index < text.count {
            append(text[index])
            index &+= 1
        }
    }
}
