internal import CZlib
internal import NIOCore

/// Inflates one gzip body as it arrives, and never past a limit.
///
/// zlib compares each member's CRC-32 and length with its trailer. Time is bounded with the output, because a byte of
/// input makes at most 1032 bytes, and with the members.
@safe struct GzipInflater: ~Copyable {
    enum Outcome: Hashable {
        case more
        case tooLarge
        /// The allowance for bodies in flight is used up.
        case outOfMemory
        case malformed
    }

    /// Members that one body may consist of; more is an attack on the time it takes to begin one.
    private static let membersMax = 64
    /// A window of 32 KiB, and gzip's header and trailer.
    private static let windowBits: Int32 = 15 + 16

    private let stream: UnsafeMutablePointer<z_stream>
    private var room = [UInt8](repeating: 0, count: 64 << 10)
    private var members = 0
    private var isInsideMember = false

    /// - Returns: `nil` when there is no memory for it.
    init?() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, size) == Z_OK else { return nil }
    }

    deinit {
        _ = unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Whether what came is whole; a body that ends inside a member was cut.
    var isWhole: Bool { members > 0 && !isInsideMember }

    /// Appends what the next bytes inflate to.
    mutating func inflate(_ bytes: ByteBuffer, into body: inout [UInt8], upTo limit: Int, _ share: BodyShare) -> Outcome
    {
        unsafe bytes.withUnsafeReadableBytes { input in
            guard let start = input.baseAddress else { return .more }
            unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(
                mutating: start.assumingMemoryBound(to: UInt8.self)
            )
            unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
            defer { unsafe stream.pointee.next_in = nil }
            return run(into: &body, upTo: limit, share)
        }
    }

    /// Inflates until the input is used up.
    private mutating func run(into body: inout [UInt8], upTo limit: Int, _ share: BodyShare) -> Outcome {
        while true {
            if !isInsideMember {
                guard unsafe stream.pointee.avail_in > 0 else { return .more }
                guard members < Self.membersMax, unsafe inflateReset(stream) == Z_OK else { return .malformed }
                members += 1
                isInsideMember = true
            }
            let (made, code) = step()
            guard body.count + made <= limit else { return .tooLarge }
            guard share.grow(by: made) else { return .outOfMemory }
            body.append(contentsOf: room.prefix(made))
            switch code {
            case Z_STREAM_END: isInsideMember = false
            case Z_OK: continue
            // Nothing more can be made of the input there is.
            case Z_BUF_ERROR: return .more
            default: return .malformed
            }
        }
    }

    /// Fills the room once.
    private mutating func step() -> (made: Int, code: Int32) {
        let stream = unsafe stream
        return unsafe room.withUnsafeMutableBufferPointer { output in
            unsafe stream.pointee.next_out = output.baseAddress
            unsafe stream.pointee.avail_out = UInt32(clamping: output.count)
            defer { unsafe stream.pointee.next_out = nil }
            let code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            return (output.count - Int(unsafe stream.pointee.avail_out), code)
        }
    }
}
