package import OutlayCore
package import OutlayWire

/// Decides, before a call is forwarded, whether it may be: policies, suspensions, budgets.
///
/// Every forwarding route passes it, once, at one place (S-21). Called on an event loop: it returns within
/// microseconds.
package protocol CallGate: Sendable {
    /// Whether there is nothing to ask: no policy, no suspension, no budget. Calls then need not be described.
    var isOpen: Bool { get }

    /// Decides about a call, at once or a moment later.
    ///
    /// - Parameter whenDecided: called at most once, on any thread, if the answer was ``Admission/waiting(_:)``.
    func admit(
        _ request: AdmissionRequest,
        whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission

    /// The refusal with which a running stream must end; `nil` while it may go on.
    func flow(_ flow: StreamFlow, of reservation: GateReservation) -> Refusal?

    /// One attempt of an admitted call was booked as `event`; after the last one the reservation is done.
    func settled(_ event: CostEvent, reservation: GateReservation?, isLast: Bool)

    /// An admitted call was never forwarded.
    func released(_ reservation: GateReservation)
}

package enum Admission: Sendable {
    case admitted(AdmittedCall)
    case refused(Refusal)
    case waiting(GateWait)
}

/// How an admitted call goes on.
package struct AdmittedCall: Sendable {
    /// `nil` where nothing was set aside.
    package var reservation: GateReservation?
    /// The cheaper model it is sent to instead.
    package var model: String?
    /// Its attribution, where a policy set tags.
    package var attribution: Attribution?
    /// Header fields that tell the caller what was done.
    package var notices: [(name: String, value: String)]

    package init(
        reservation: GateReservation? = nil,
        model: String? = nil,
        attribution: Attribution? = nil,
        notices: [(name: String, value: String)] = []
    ) {
        self.reservation = reservation
        self.model = model
        self.attribution = attribution
        self.notices = notices
    }
}

/// What the gate set aside for a call, by a number of its own, and the most it can take.
package struct GateReservation: Hashable, Sendable {
    package let number: UInt64
    package let most: Consumption

    package init(number: UInt64, most: Consumption) {
        self.number = number
        self.most = most
    }
}

/// A call that waits for room, or for people.
package struct GateWait: Sendable {
    /// The longest it waits.
    package let milliseconds: Int
    /// The wait is over, or the client left: what is decided now is final; `nil` when it was decided already.
    package let giveUp: @Sendable () -> Admission?

    package init(milliseconds: Int, giveUp: @escaping @Sendable () -> Admission?) {
        self.milliseconds = milliseconds
        self.giveUp = giveUp
    }
}

/// What the gate is asked about.
package struct AdmissionRequest: Sendable {
    package var call: CallID
    package var at: Timestamp
    package var service: ServiceUse
    package var attribution: Attribution
    package var rules: KeyRules
    /// What the call can consume at most is judged by this.
    package var estimate: CallEstimate
    package var isStream: Bool
    package var billing: Route.Billing
    /// Why the caller says it needs the call, for those who approve.
    package var justification: String?

    package init(
        call: CallID,
        at: Timestamp,
        service: ServiceUse,
        attribution: Attribution,
        rules: KeyRules,
        estimate: CallEstimate
    ) {
        self.call = call
        self.at = at
        self.service = service
        self.attribution = attribution
        self.rules = rules
        self.estimate = estimate
        isStream = false
        billing = .metered
    }
}

/// How far a running stream is.
package struct StreamFlow: Sendable {
    package var at: Timestamp
    package var service: ServiceUse
    package var promptCharacters: Int
    /// Visible characters of output so far.
    package var outputCharacters: Int
    package var ratio: CharactersPerToken
    package var pricing: any Pricing

    package init(
        at: Timestamp,
        service: ServiceUse,
        promptCharacters: Int,
        outputCharacters: Int,
        ratio: CharactersPerToken,
        pricing: any Pricing
    ) {
        self.at = at
        self.service = service
        self.promptCharacters = promptCharacters
        self.outputCharacters = outputCharacters
        self.ratio = ratio
        self.pricing = pricing
    }
}

/// The gate of an installation without budgets and policies.
package struct OpenGate: CallGate {
    package init() {}

    package var isOpen: Bool { true }

    package func admit(
        _ request: AdmissionRequest,
        whenDecided: @escaping @Sendable (Admission) -> Void
    ) -> Admission {
        .admitted(AdmittedCall())
    }

    package func flow(_ flow: StreamFlow, of reservation: GateReservation) -> Refusal? { nil }
    package func settled(_ event: CostEvent, reservation: GateReservation?, isLast: Bool) {}
    package func released(_ reservation: GateReservation) {}
}
