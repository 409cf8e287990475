package import OutlayCore
package import OutlayWire

/// Decides, before a call is forwarded, whether it may be: budgets, policies, suspensions.
///
/// Every forwarding route passes it, once, at one place (S-21). Called on an event loop: it returns within
/// microseconds.
package protocol CallGate: Sendable {
    func admit(_ request: AdmissionRequest) -> Admission

    /// One attempt of an admitted call was booked as `event`; after the last one the reservation is done.
    func settled(_ event: CostEvent, reservation: GateReservation?, isLast: Bool)
}

package enum Admission: Sendable {
    case admitted(GateReservation?)
    case refused(Refusal)
}

/// What the gate set aside for a call, by a number of its own.
package struct GateReservation: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// What the gate is asked about.
package struct AdmissionRequest: Sendable {
    package var call: CallID
    package var at: Timestamp
    package var service: ServiceUse
    package var attribution: Attribution
    package var promptCharacters: Int
    package var maxOutputTokens: Int?
    package var isStream: Bool
    /// Whether the route can cost anything.
    package var isBillable: Bool

    package init(call: CallID, at: Timestamp, service: ServiceUse, attribution: Attribution) {
        self.call = call
        self.at = at
        self.service = service
        self.attribution = attribution
        promptCharacters = 0
        maxOutputTokens = nil
        isStream = false
        isBillable = true
    }
}

/// The gate of an installation without budgets and policies.
package struct OpenGate: CallGate {
    package init() {}

    package func admit(_ request: AdmissionRequest) -> Admission { .admitted(nil) }
    package func settled(_ event: CostEvent, reservation: GateReservation?, isLast: Bool) {}
}
