internal import GRPCCore
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import OutlayIngest

/// Collects the one message of a stream before the library sees it, by the same limits as over HTTP.
///
/// The library would hold what it collects uncounted, and answer a message that is too large, or no gzip, by
/// cancelling the stream; exporters take that for a passing fault and send the same again.
final class MessageGate: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// A message is preceded by a byte that says whether it is compressed, and its length in four.
    private static let prefixBytes = 5

    private let limits: IngestLimits
    private let share: BodyShare
    private var isGzip = false
    private var prefix = ByteBuffer()
    private var body: ArrivingBody?
    /// Bytes of the message that have not come yet.
    private var missing = 0
    private var isRefused = false

    init(_ receiver: OTLPReceiver) {
        limits = receiver.limits
        share = BodyShare(of: receiver.allowance)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .headers(var frame):
            isGzip = frame.headers["grpc-encoding"] == ["gzip"]
            if isGzip { frame.headers.remove(name: "grpc-encoding") }
            context.fireChannelRead(wrapInboundOut(.headers(frame)))
        case .data(let frame):
            do {
                if case .byteBuffer(let bytes) = frame.data { try take(bytes) }
                if frame.endStream { context.fireChannelRead(wrapInboundOut(.data(try whole()))) }
            } catch {
                refuse(error, hasEnded: frame.endStream, context)
            }
        default: context.fireChannelRead(data)
        }
    }

    private func take(_ buffer: ByteBuffer) throws(TelemetryRefusal) {
        var bytes = buffer
        if body == nil {
            prefix.writeBuffer(&bytes)
            guard prefix.readableBytes >= Self.prefixBytes, let flag = prefix.readInteger(as: UInt8.self),
                let length = prefix.readInteger(as: UInt32.self)
            else { return }
            guard flag == 0 || flag == 1 && isGzip else {
                throw TelemetryRefusal(.malformed, "The message is compressed, and not with gzip.")
            }
            guard length <= limits.bodyBytesMax else { throw .tooLarge(limits.bodyBytesMax) }
            body = try ArrivingBody(limits, isGzip: flag == 1, share)
            missing = Int(length)
            bytes = prefix
        }
        missing -= bytes.readableBytes
        guard missing >= 0 else { throw TelemetryRefusal(.malformed, "A call carries one request.") }
        try body?.take(bytes)
    }

    /// The message as the library reads it, uncompressed; without bytes when none came.
    private func whole() throws(TelemetryRefusal) -> HTTP2Frame.FramePayload.Data {
        var message = ByteBuffer()
        if let body = body.take() {
            guard missing == 0 else { throw TelemetryRefusal(.malformed, "The request ended before its end.") }
            let bytes = try body.finish()
            message.reserveCapacity(Self.prefixBytes + bytes.count)
            message.writeInteger(UInt8(0))
            message.writeInteger(UInt32(clamping: bytes.count))
            message.writeBytes(bytes)
        }
        return HTTP2Frame.FramePayload.Data(data: .byteBuffer(message), endStream: true)
    }

    /// Ends the stream with the status of the refusal, and has the exporter stop sending.
    private func refuse(_ refusal: TelemetryRefusal, hasEnded: Bool, _ context: ChannelHandlerContext) {
        isRefused = true
        body = nil
        share.giveBack()
        let error = RPCError(refusal)
        var trailers: HPACKHeaders = [
            ":status": "200", "content-type": "application/grpc", "grpc-status": "\(error.code.rawValue)",
            "grpc-message": error.message,
        ]
        for (name, value) in error.metadata { trailers.add(name: name, value: value.encoded()) }
        context.write(wrapOutboundOut(.headers(.init(headers: trailers, endStream: true))), promise: nil)
        if !hasEnded { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        context.flush()
        context.close(promise: nil)
    }

    /// Leaves out what the library would still say about a stream that was refused.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isRefused else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        share.giveBack()
        context.fireChannelInactive()
    }
}
