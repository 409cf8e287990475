package import OutlayCore
import Synchronization

/// Keeps every forwarded call until the ledger has it, through the death of the process.
///
/// Intents and settlements are copied into memory-mapped files: no system call and no fsync stands in a
/// call's way, and what was written is there after kill -9. The ledger's writer takes settlements with
/// ``nextBatch(max:)`` and reports them with ``committed(_:)``. Used as one `CallBook` it finds the lane by
/// the event's id; an event loop that has its own asks ``lane(_:)`` and uses only that.
package final class Journal: CallBook {
    private let lanes: [Lane]
    private let arrival = Arrival()
    private let gather: Duration
    /// Rounds of ``nextBatch(max:)`` since it last found something.
    private let quietRounds = Atomic<Int>(patience)

    /// After so many quiet rounds the writer sleeps until a settlement wakes it.
    private static let patience = 8

    /// Opens an empty journal in `directory`, making the folder and the first segments.
    ///
    /// One lane per event loop; a batch waits for company for `gather`: 4 ms and a 4 ms fsync stay within 10.
    ///
    /// - Throws: ``JournalError/unrecovered(directory:)`` when segments of an earlier run are there.
    package init(
        directory: String,
        lanes: Int,
        limits: JournalLimits = JournalLimits(),
        gather: Duration = .milliseconds(4)
    ) throws(JournalError) {
        precondition(lanes > 0 && limits.areUsable, "a journal needs lanes, and two segments of 1 MiB each")
        try JournalFolder.create(directory)
        guard try JournalFolder.segments(directory).isEmpty else { throw .unrecovered(directory: directory) }
        self.gather = gather
        var made: [Lane] = []
        for index in 0..<lanes {
            made.append(try Lane(index, directory: directory, limits: limits, arrival: arrival))
        }
        self.lanes = made
    }

    /// The lane of event loop `index`, taken modulo the number of lanes.
    package func lane(_ index: Int) -> Lane {
        lanes[Int(UInt(bitPattern: index) % UInt(lanes.count))]
    }

    package func intend(_ intent: CallIntent) throws(CallBookError) {
        try lane(intent.id.hashValue).intend(intent)
    }

    package func settle(_ event: CostEvent, committed: (@Sendable () -> Void)? = nil) {
        lane(event.id.hashValue).settle(event, committed: committed)
    }

    /// The next settlements for the ledger, at most `max`; waits for the first and then briefly for more.
    ///
    /// One consumer. The order is kept within a lane. Batches not yet ``committed(_:)`` stay in the journal.
    /// - Returns: nothing only after ``finish()`` or cancellation, once all has been handed out.
    package func nextBatch(max: Int = 256) async -> [JournalEntry] {
        while true {
            // Under load more is sure to come, and looking for it disturbs no call; waking a thread would.
            if quietRounds.load(ordering: .relaxed) >= Self.patience { await arrival.wait() }
            if counts.queued < max, !arrival.isFinished { try? await Task.sleep(for: gather) }
            let batch = take(max)
            let quiet = batch.isEmpty ? quietRounds.load(ordering: .relaxed) + 1 : 0
            quietRounds.store(min(quiet, Self.patience), ordering: .relaxed)
            if !batch.isEmpty || arrival.isFinished || Task.isCancelled { return batch }
        }
    }

    private func take(_ max: Int) -> [JournalEntry] {
        var batch: [JournalEntry] = []
        var isMore = false
        for lane in lanes {
            let part = lane.take(max - batch.count)
            batch += part.entries
            isMore = isMore || part.isMore
        }
        if isMore { arrival.signal() }
        return batch
    }

    /// The ledger has these, durably: frees their segments, then tells whoever waits for the commit.
    package func committed(_ batch: [JournalEntry]) {
        for (index, lane) in lanes.enumerated() {
            let own = batch.filter { $0.lane == index }
            if !own.isEmpty { lane.committed(own) }
        }
        for entry in batch { entry.committed?() }
    }

    /// Ends waiting: ``nextBatch(max:)`` hands out what is left and then nothing.
    package func finish() {
        arrival.finish()
    }

    /// How far the writer is behind and what was refused, over all lanes.
    package var counts: JournalCounts {
        lanes.reduce(into: JournalCounts()) { $0.add($1.counts) }
    }
}

/// One settlement on its way to the ledger; an object, so that a long queue moves cheaply.
package final class JournalEntry: Sendable {
    package let event: CostEvent
    let committed: (@Sendable () -> Void)?
    let lane: Int
    /// The record that keeps it; `nil` when it is in memory only.
    let place: SegmentPlace?

    init(event: CostEvent, committed: (@Sendable () -> Void)?, lane: Int, place: SegmentPlace?) {
        self.event = event
        self.committed = committed
        self.lane = lane
        self.place = place
    }
}

/// The bounds of a journal.
package struct JournalLimits: Hashable, Sendable {
    /// Bytes of one segment file, at least 1 MiB.
    package var segmentBytes: Int
    /// The most files a lane makes, at least two, which it makes at first.
    package var segmentsPerLane: Int
    /// The most calls of a lane that are open or not yet in the ledger; more are refused.
    package var callsPerLane: Int

    package init(segmentBytes: Int = 4 << 20, segmentsPerLane: Int = 16, callsPerLane: Int = 16_384) {
        self.segmentBytes = segmentBytes
        self.segmentsPerLane = segmentsPerLane
        self.callsPerLane = callsPerLane
    }

    var areUsable: Bool { segmentBytes >= 1 << 20 && segmentBytes & 4095 == 0 && segmentsPerLane > 1 }
}

/// What the journal's metrics are read from.
package struct JournalCounts: Hashable, Sendable {
    /// Intents written since the start.
    package var intended: Int64 = 0
    package var settled: Int64 = 0
    /// Intents refused because there was no room.
    package var refused: Int64 = 0
    /// Settlements whose record left out optional detail.
    package var shortened: Int64 = 0
    /// Settlements without a room promise that found none: in memory until committed.
    package var unjournalled: Int64 = 0
    /// Calls forwarded and not settled.
    package var open = 0
    /// Settlements not yet handed to the writer.
    package var queued = 0
    /// Settlements not yet in the ledger, those with the writer included.
    package var uncommitted = 0
    /// Bytes that further calls can take without another segment.
    package var room = 0
    package var segments = 0
    /// When Outlay learned of the oldest settlement that still waits: the lag is now minus this.
    package var oldestQueued: Timestamp?

    package init() {}

    mutating func add(_ other: JournalCounts) {
        intended += other.intended
        settled += other.settled
        refused += other.refused
        shortened += other.shortened
        unjournalled += other.unjournalled
        open += other.open
        queued += other.queued
        uncommitted += other.uncommitted
        room += other.room
        segments += other.segments
        oldestQueued = [oldestQueued, other.oldestQueued].compactMap(\.self).min()
    }
}
