internal import NIOCore
internal import OutlayCore
internal import OutlayWire

/// What one attempt sends to an upstream: the caller's request with our fields and keys exchanged.
struct UpstreamRequest {
    let head: RequestHead
    let body: ByteBuffer

    init(_ accepted: AcceptedHead, path: String, to target: UpstreamTarget, body: ByteBuffer) {
        var fields: [Field] = [Field("Host", target.origin.hostField)]
        fields.append(contentsOf: accepted.fields.forwarded)
        if target.upstream.key == .client {
            fields.append(contentsOf: accepted.caller.passed)
        } else if let credential = target.credential {
            fields.append(Self.field(for: credential, dialect: target.upstream.dialect))
        }
        if body.readableBytes > 0 || !["GET", "HEAD", "DELETE", "OPTIONS"].contains(accepted.method) {
            fields.append(Field("Content-Length", String(body.readableBytes)))
        }
        head = RequestHead(
            method: accepted.method,
            target: accepted.query.isEmpty ? path : "\(path)?\(accepted.query)",
            isHTTP10: false,
            keepsAlive: true,
            fields: fields
        )
        self.body = body
    }

    /// The provider's key in the field its dialect reads.
    private static func field(for credential: ProviderCredential, dialect: Upstream.Dialect) -> Field {
        switch dialect {
        case .openai, .openaiCompatible: Field("Authorization", "Bearer \(credential.reveal())")
        case .anthropic: Field("x-api-key", credential.reveal())
        case .gemini: Field("x-goog-api-key", credential.reveal())
        case .azureOpenAI: Field("api-key", credential.reveal())
        }
    }
}

extension BodySplice {
    /// `body` with this change made; the caller's own bytes stay as they are.
    func applied(to body: ByteBuffer) -> ByteBuffer {
        guard range.lowerBound >= 0, range.upperBound <= body.readableBytes,
            let before = body.getSlice(at: body.readerIndex, length: range.lowerBound),
            let after = body.getSlice(
                at: body.readerIndex + range.upperBound,
                length: body.readableBytes - range.upperBound
            )
        else { return body }
        var spliced = ByteBufferAllocator().buffer(capacity: body.readableBytes + bytes.count)
        spliced.writeImmutableBuffer(before)
        spliced.writeBytes(bytes)
        spliced.writeImmutableBuffer(after)
        return spliced
    }
}
