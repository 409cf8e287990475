package import OutlayCore
import Synchronization

/// One independent part of the journal, meant for one event loop and safe from any.
///
/// Whatever is intended here must be settled here. Every operation holds the lane's lock for about a
/// microsecond; only making a segment where the writer did not come to it in time takes longer.
package final class Lane: CallBook {
    private struct OpenCall {
        var place: SegmentPlace
        let promise: Int
    }

    private struct State {
        var ring: SegmentRing
        var open: [EventID: OpenCall] = [:]
        var queue: [JournalEntry] = []
        var counts = JournalCounts()
        /// Segments made or being made; files are numbered by how many were ever begun.
        var files: Int
        var filesBegun: Int
        var lastFailure: ContinuousClock.Instant?
    }

    private let index: Int
    private let directory: String
    private let limits: JournalLimits
    private let arrival: Arrival
    private let state: Mutex<State>

    /// What a settlement may need beyond its intent: 4 KiB of raw usage, lines, ids.
    private static let settlementExtra = 6 * 1024
    /// Bounds how long one pass over stragglers holds the lock.
    private static let movesPerPass = 128
    private static let retryAfterFailure = Duration.milliseconds(100)

    init(_ index: Int, directory: String, limits: JournalLimits, arrival: Arrival) throws(JournalError) {
        self.index = index
        self.directory = directory
        self.limits = limits
        self.arrival = arrival
        var files: [MappedSegment] = []
        for number in 0..<min(2, limits.segmentsPerLane) {
            files.append(try Self.segment(number, lane: index, directory, limits))
        }
        let ring = SegmentRing(segmentBytes: limits.segmentBytes, files: files)
        state = Mutex(State(ring: ring, files: files.count, filesBegun: files.count))
    }

    package func intend(_ intent: CallIntent) throws(CallBookError) {
        let payload = encoded(intent)
        let checksum = CRC32C.checksum(of: payload.span)
        let promise = SegmentRecord.size(
            ofPayload: min(payload.count + Self.settlementExtra, SegmentRecord.payloadMax)
        )
        let isWritten = state.withLock { state in
            write(payload, checksum, of: intent.id, promise, in: &state)
        }
        guard isWritten else { throw .full }
    }

    package func settle(_ event: CostEvent, committed: (@Sendable () -> Void)? = nil) {
        // The ledger writes the same bytes.
        let event = EventCodec.encoded(event)
        let payload = SettlementCodec.bytes(of: event)
        let checksum = CRC32C.checksum(of: payload.span)
        state.withLock { state in
            let call = state.open.removeValue(forKey: event.id)
            if let call { state.ring.endPromise(call.promise) }
            let place = append(payload, checksum, event, in: &state)
            if let call {
                if place == nil { state.ring.pin(call.place) }
                state.ring.forget(call.place, kind: .intent)
            }
            if place == nil { state.counts.unjournalled += 1 }
            state.counts.settled += 1
            state.counts.uncommitted += 1
            state.queue.append(
                JournalEntry(event: event, committed: committed, lane: index, place: place ?? call?.place)
            )
        }
        arrival.signal()
    }

    private func write(
        _ payload: [UInt8],
        _ checksum: UInt32,
        of id: EventID,
        _ promise: Int,
        in state: inout State
    ) -> Bool {
        let isTooMany = state.open.count + state.counts.uncommitted >= limits.callsPerLane
        let size = SegmentRecord.size(ofPayload: payload.count)
        if !isTooMany, !state.ring.takes(size, promising: promise) { grow(&state) }
        guard !isTooMany, payload.count <= SegmentRecord.payloadMax, state.ring.takes(size, promising: promise),
            let place = state.ring.append(payload, kind: .intent, checksum: checksum)
        else {
            state.counts.refused += 1
            return false
        }
        state.ring.promise(promise)
        if let earlier = state.open.updateValue(OpenCall(place: place, promise: promise), forKey: id) {
            state.ring.endPromise(earlier.promise)
            state.ring.forget(earlier.place, kind: .intent)
        }
        state.counts.intended += 1
        return true
    }

    /// Writes the settlement, without its optional detail where it would take room promised to others.
    private func append(
        _ payload: [UInt8],
        _ checksum: UInt32,
        _ event: CostEvent,
        in state: inout State
    ) -> SegmentPlace? {
        if fits(payload, in: state) {
            return state.ring.append(payload, kind: .settlement, checksum: checksum)
        }
        for step in DetailLoss.allCases {
            let shorter = SettlementCodec.bytes(of: step.applied(to: event))
            guard fits(shorter, in: state) else { continue }
            state.counts.shortened += 1
            return state.ring.append(shorter, kind: .settlement, checksum: CRC32C.checksum(of: shorter.span))
        }
        return nil
    }

    private func fits(_ payload: [UInt8], in state: State) -> Bool {
        payload.count <= SegmentRecord.payloadMax
            && state.ring.takes(SegmentRecord.size(ofPayload: payload.count))
    }

    /// The intent's bytes, without where its tags came from when that is too much for one record.
    private func encoded(_ intent: CallIntent) -> [UInt8] {
        let whole = EventCodec.bytes(of: intent)
        guard whole.count + Self.settlementExtra > SegmentRecord.payloadMax else { return whole }
        var shorter = intent
        shorter.attribution.origins = []
        return EventCodec.bytes(of: shorter)
    }
}

extension Lane {
    /// Takes at most `max` settlements from the queue, oldest first, and tells whether more are left.
    func take(_ max: Int) -> (entries: [JournalEntry], isMore: Bool) {
        state.withLock { state in
            let taken = Array(state.queue.prefix(max))
            state.queue.removeFirst(taken.count)
            return (taken, !state.queue.isEmpty)
        }
    }

    /// These settlements are durable in the ledger: their segments may be used again.
    func committed(_ entries: [JournalEntry]) {
        let recycled = state.withLock { state in
            for entry in entries {
                if let place = entry.place { state.ring.forget(place, kind: .settlement) }
                state.counts.uncommitted -= 1
            }
            let recycled = state.ring.recycle()
            moveStragglers(&state)
            return recycled
        }
        for file in recycled { file.releasePages() }
        addSpare()
    }

    var counts: JournalCounts {
        state.withLock { state in
            var counts = state.counts
            counts.open = state.open.count
            counts.queued = state.queue.count
            counts.oldestQueued = state.queue.first?.event.receivedAt
            counts.room = state.ring.room - state.ring.promised
            counts.segments = state.ring.files
            return counts
        }
    }

    /// Writes open intents of the oldest segment anew, so that long streams do not hold on to it.
    private func moveStragglers(_ state: inout State) {
        guard let generation = state.ring.stragglers else { return }
        let stragglers = state.open.lazy.filter { $0.value.place.generation == generation }
        for (id, call) in Array(stragglers.prefix(Self.movesPerPass)) {
            guard state.ring.takes(call.place.size) else { return }
            let payload = state.ring.payload(at: call.place)
            let checksum = CRC32C.checksum(of: payload.span)
            guard let place = state.ring.append(payload, kind: .intent, checksum: checksum) else { return }
            state.ring.forget(call.place, kind: .intent)
            state.open[id]?.place = place
        }
    }

    /// Has one segment ready before it is needed, made outside the lock.
    private func addSpare() {
        let number = state.withLock { state in
            state.ring.hasSpare ? nil : beginFile(&state)
        }
        guard let number else { return }
        let file = try? Self.segment(number, lane: index, directory, limits)
        state.withLock { state in endFile(file, &state) }
    }

    private func grow(_ state: inout State) {
        guard let number = beginFile(&state) else { return }
        endFile(try? Self.segment(number, lane: index, directory, limits), &state)
    }

    private func beginFile(_ state: inout State) -> Int? {
        guard state.files < limits.segmentsPerLane, isPastFailure(state) else { return nil }
        state.files += 1
        state.filesBegun += 1
        return state.filesBegun - 1
    }

    private func endFile(_ file: MappedSegment?, _ state: inout State) {
        guard let file else {
            state.files -= 1
            state.lastFailure = .now
            return
        }
        state.ring.add(file)
    }

    /// Whether making a segment is worth trying: a full disk is not asked again at every call.
    private func isPastFailure(_ state: State) -> Bool {
        state.lastFailure.map { $0.duration(to: .now) >= Self.retryAfterFailure } ?? true
    }

    private static func segment(
        _ number: Int,
        lane: Int,
        _ directory: String,
        _ limits: JournalLimits
    ) throws(JournalError) -> MappedSegment {
        let path = "\(directory)/lane-\(lane)-\(number)\(JournalFolder.suffix)"
        return try MappedSegment(creating: path, count: limits.segmentBytes)
    }
}

/// What is left out of a settlement's journal record, step by step, when room is short; never money.
///
/// The ledger's writer gets the whole event all the same; the record counts only after a crash.
private enum DetailLoss: CaseIterable {
    case rawUsage
    case origins
    case claims

    func applied(to event: CostEvent) -> CostEvent {
        var shorter = event
        shorter.metering.raw = nil
        if self != .rawUsage { shorter.attribution.origins = [] }
        if self == .claims { shorter.attribution.claimed = .empty }
        return shorter
    }
}
