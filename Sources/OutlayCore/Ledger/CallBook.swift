/// Where the gateway writes what it must never lose.
///
/// Both methods are called on an event loop: they return within microseconds and never block on a disk.
package protocol CallBook: Sendable {
    /// Writes down that `intent` is about to be forwarded, so that it survives kill -9.
    ///
    /// - Throws: ``CallBookError`` when there is no room; the call must then be refused with 503.
    func intend(_ intent: CallIntent) throws(CallBookError)

    /// Writes down how the call ended, and hands the event to the ledger's writer.
    ///
    /// - Parameter committed: called once the event is durable in the ledger; used by strict mode.
    func settle(_ event: CostEvent, committed: (@Sendable () -> Void)?)
}

package enum CallBookError: Error, Hashable {
    /// The journal cannot take more: the disk is full or the writer is too far behind. Nothing was written.
    case full
}

/// What is known of a call before it is forwarded: enough to book it if the process dies.
package struct CallIntent: Hashable, Sendable {
    package var id: EventID
    package var at: Timestamp
    package var service: ServiceUse
    package var attribution: Attribution
    package var links: CallLinks
    package var isStream: Bool
    /// What budgets set aside for it, and hold if its end stays unknown.
    package var held: Consumption?

    package init(
        id: EventID,
        at: Timestamp,
        service: ServiceUse,
        attribution: Attribution,
        links: CallLinks,
        isStream: Bool
    ) {
        self.id = id
        self.at = at
        self.service = service
        self.attribution = attribution
        self.links = links
        self.isStream = isStream
    }

    /// The event for a call whose outcome nobody saw.
    package func indeterminate(receivedAt: Timestamp, version: String) -> CostEvent {
        var event = CostEvent(
            id: id,
            at: at,
            receivedAt: receivedAt,
            service: service,
            attribution: attribution,
            metering: Metering(quality: .indeterminate, method: "crash"),
            rating: Rating(lines: [], state: .unpriced, version: version),
            outcome: CallOutcome(ending: .crashed, isStream: isStream),
            links: links
        )
        event.held = held
        return event
    }
}
