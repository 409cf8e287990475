/// Why a request was not taken, as every receiver answers it.
package struct TelemetryRefusal: Error, Hashable, Sendable {
    /// What is wrong; decides HTTP's status and gRPC's code.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The bytes are no request.
        case malformed
        /// No key, or none that is in force.
        case unauthenticated
        /// A key that is not for telemetry.
        case wrongDoor
        case noSuchPath
        /// More than one request may hold.
        case tooLarge
        /// A content type or encoding nobody promised to read.
        case unsupported
        /// More at once than the receivers hold, or the desk can book.
        case busy
        case unavailable
    }

    package var kind: Kind
    /// What to do about it, for the person who reads the exporter's log.
    package var message: String
    /// When the same request is welcome; `nil` when sending it again cannot help.
    package var retryAfterSeconds: Int?

    package init(_ kind: Kind, _ message: String, retryAfterSeconds: Int? = nil) {
        self.kind = kind
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Exporters send again after 429 and 503 only, and drop the data after any other.
    package var httpStatus: Int {
        switch kind {
        case .malformed: 400
        case .unauthenticated: 401
        case .wrongDoor: 403
        case .noSuchPath: 404
        case .tooLarge: 413
        case .unsupported: 415
        case .busy: 429
        case .unavailable: 503
        }
    }

    /// The number of `google.rpc.Code`, which `google.rpc.Status` and gRPC carry.
    package var code: Int {
        switch kind {
        case .malformed, .unsupported: 3
        case .noSuchPath: 5
        case .wrongDoor: 7
        case .tooLarge: 8
        case .busy, .unavailable: 14
        case .unauthenticated: 16
        }
    }
}

extension TelemetryRefusal {
    static let outOfMemory = TelemetryRefusal(
        .busy,
        "Too much telemetry is coming in at once. Nothing of this request was kept; it is welcome in a second.",
        retryAfterSeconds: 1
    )

    static let tooSlow = TelemetryRefusal(
        .busy,
        "The body took too long to come. Nothing of this request was kept; send it again.",
        retryAfterSeconds: 1
    )

    package static func tooLarge(_ limit: Int) -> TelemetryRefusal {
        TelemetryRefusal(
            .tooLarge,
            "A request may hold \(limit) bytes, inflated: send smaller batches, or raise --otlp-body-mib."
        )
    }

    init(_ failure: IntakeFailure) {
        switch failure {
        case .malformed(let message): self.init(.malformed, message)
        case .busy(let seconds):
            self.init(
                .busy,
                "More telemetry is coming in than can be booked. Nothing of this request was kept; send it again.",
                retryAfterSeconds: seconds
            )
        case .unavailable(let seconds):
            self.init(
                .unavailable,
                "Telemetry cannot be booked now. Nothing of this request was kept; send it again.",
                retryAfterSeconds: seconds
            )
        }
    }
}
