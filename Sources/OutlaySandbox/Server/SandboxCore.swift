import OutlayCore

/// What all connections of one sandbox share.
struct SandboxCore: Sendable {
    let provider: Provider
    let bill: Bill
    /// Makes the ids of this run differ from those of any other.
    let run: String
    let now: @Sendable () -> Timestamp

    func identity(_ number: Int) -> Identity {
        let digits = String(number, radix: 36)
        let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        return Identity(suffix: "sbx\(run)\(padded)", created: Int(now().microseconds / 1_000_000))
    }

    /// The provider's answer with its usual headers; a billed call is on the bill when this returns.
    func reply(to request: SandboxRequest) -> (reply: Reply, number: Int) {
        let number = bill.nextNumber()
        let ids = identity(number)
        var reply = provider.reply(to: request, ids: ids)
        let requestID = "req_\(reply.directions.id ?? ids.suffix)"
        switch request.dialect {
        case .openai:
            reply.headers += [
                ("x-request-id", requestID), ("openai-organization", "sandbox"), ("openai-version", "2020-10-01"),
                ("openai-processing-ms", "\(max(1, reply.directions.firstTokenMilliseconds))"),
            ]
        case .anthropic:
            reply.headers += [("request-id", requestID), ("anthropic-organization-id", "sandbox")]
        case .google: reply.headers += [("server-timing", "gfet4t7; dur=\(reply.directions.firstTokenMilliseconds)")]
        }
        if reply.status == 200, let charge = reply.charge {
            bill.begin(charge, number: number, clientRequestID: request.header("x-client-request-id"))
        }
        return (reply, number)
    }

    func end(_ reply: Reply, number: Int, state: Bill.State, generated: Int) {
        guard reply.status == 200, let charge = reply.charge else { return }
        bill.end(charge, number: number, state: state, generated: generated)
    }

    /// `GET` and `DELETE /sandbox/bill`, `GET /sandbox/health`.
    func ownReply(to request: SandboxRequest) -> Reply? {
        guard request.path.hasPrefix("/sandbox/") else { return nil }
        switch (request.method, request.path) {
        case ("GET", "/sandbox/bill"):
            return Reply(json: bill.json(isDetailed: request.query["entries"] != "false"))
        case ("DELETE", "/sandbox/bill"):
            bill.reset()
            return Reply(json: ["reset": true])
        case ("GET", "/sandbox/health"): return Reply(json: ["ok": true])
        default:
            return Reply(status: 404, json: OpenAIError.body(404, "The sandbox has /sandbox/bill and /sandbox/health."))
        }
    }
}
