internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// What has come of an answer so far.
struct AnswerState {
    var head: ResponseHead?
    var reader: (any AnswerReader)?
    /// Books the calls of a batch as their results pass.
    var batch: BatchBooking?
    /// Takes out of the stream what the client did not ask for.
    var splice: StreamSplice?
    /// Bytes that are not shown yet.
    var held = ByteBuffer()
    var bytes = 0
    var firstByteAt: NIODeadline?
    var encoding = Encoding.plain
    /// The client left before the head came, and the answer is still wanted.
    var isDrained = false
    var isEventStream = false
    /// A budget ended the stream.
    var isCut = false
    /// When the stream is next held against its budgets.
    var nextLook = NIODeadline.distantPast

    enum Encoding {
        case plain
        /// `gzip` or `deflate`, inflated for the reader.
        case inflated
        /// Compressed in a way that cannot be read: the usage stays unknown.
        case unreadable
    }

    mutating func take(_ head: ResponseHead) {
        self.head = head
        firstByteAt = .now()
        isEventStream = head["content-type"]?.hasFieldPrefix("text/event-stream") ?? false
        guard let coding = head["content-encoding"], !coding.isEmpty, !coding.isField("identity") else { return }
        encoding = coding.isField("gzip") || coding.isField("deflate") ? .inflated : .unreadable
    }

    /// Whether the whole answer is a JSON document of at most `max` bytes, as far as the head says.
    func isHoldable(max: Int) -> Bool {
        guard let head, head["content-type"]?.hasFieldPrefix("application/json") ?? false else { return false }
        guard let length = head["content-length"] else { return true }
        return (Int(length) ?? .max) <= max
    }
}

/// How an attempt ended, before it is booked.
struct Ending {
    var kind: CallOutcome.Ending
    /// Whether the provider may have got the request.
    var isForwarded: Bool

    /// Whether the answer's last byte came.
    var isWhole: Bool

    init(_ kind: CallOutcome.Ending, isForwarded: Bool = true, isWhole: Bool = false) {
        self.kind = kind
        self.isForwarded = isForwarded
        self.isWhole = isWhole
    }
}
