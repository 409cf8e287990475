/// The segments of one lane: written in turn, used again, oldest first, once nothing in them is needed.
///
/// Room is promised ahead: while `promised` ≤ ``room``, a record no larger than its promise always fits,
/// because ``room`` leaves out the stretch at each segment's end that the largest record might not use.
struct SegmentRing {
    private struct Segment {
        let file: MappedSegment
        let generation: UInt32
        var end = SegmentRecord.headerSize
        /// Records that must outlive a crash: open intents and settlements not yet in the ledger.
        var needed = 0
        /// Of these, settlements.
        var uncommitted = 0
    }

    private let segmentBytes: Int
    private var used: [Segment] = []
    private var free: [MappedSegment] = []
    private var lastGeneration: UInt32 = 0
    /// Bytes that settlements of open calls may still need.
    private(set) var promised = 0

    init(segmentBytes: Int, files: [MappedSegment]) {
        self.segmentBytes = segmentBytes
        free = files
    }

    /// Bytes that records can surely take.
    var room: Int {
        let current = used.last.map { segmentBytes - $0.end - SegmentRecord.sizeMax } ?? 0
        let fresh = segmentBytes - SegmentRecord.headerSize - SegmentRecord.sizeMax
        return max(0, current) + free.count * max(0, fresh)
    }

    var hasSpare: Bool { !free.isEmpty }
    var files: Int { used.count + free.count }

    mutating func add(_ file: MappedSegment) {
        free.append(file)
    }

    /// Whether a record of `size` fits without touching what is promised, `promising` included.
    func takes(_ size: Int, promising: Int = 0) -> Bool {
        promised + promising + size <= room
    }

    mutating func promise(_ size: Int) {
        promised += size
    }

    mutating func endPromise(_ size: Int) {
        promised -= size
    }

    /// Writes a record at the end; the caller has asked ``takes(_:promising:)``.
    ///
    /// The checksum is of `payload` alone, computed outside the lane's lock.
    mutating func append(_ payload: [UInt8], kind: SegmentRecord.Kind, checksum: UInt32) -> SegmentPlace? {
        let size = SegmentRecord.size(ofPayload: payload.count)
        guard payload.count <= SegmentRecord.payloadMax, opensRoom(size), let index = used.indices.last else {
            return nil
        }
        let segment = used[index]
        let place = SegmentPlace(generation: segment.generation, offset: segment.end, payloadCount: payload.count)
        let header = SegmentRecord.header(place, kind: kind, checksum: checksum)
        segment.file.write(payload, at: place.offset + SegmentRecord.recordHeaderSize)
        segment.file.write(word: header.second, at: place.offset + 8)
        segment.file.write(word: header.first, at: place.offset)
        used[index].end += size
        used[index].needed += 1
        if kind == .settlement { used[index].uncommitted += 1 }
        return place
    }

    /// The record at `place` is not needed any longer.
    mutating func forget(_ place: SegmentPlace, kind: SegmentRecord.Kind) {
        guard let index = index(of: place.generation) else { return }
        used[index].needed -= 1
        if kind == .settlement { used[index].uncommitted -= 1 }
    }

    /// Keeps the segment of `place` until ``forget(_:kind:)`` of a settlement there.
    mutating func pin(_ place: SegmentPlace) {
        guard let index = index(of: place.generation) else { return }
        used[index].needed += 1
        used[index].uncommitted += 1
    }

    /// The payload at `place`, and its own checksum.
    func payload(at place: SegmentPlace) -> [UInt8] {
        guard let index = index(of: place.generation) else { return [] }
        let start = place.offset + SegmentRecord.recordHeaderSize
        return used[index].file.bytes(start..<start + place.payloadCount)
    }

    /// Frees the oldest segments that nothing needs; their pages need not stay in memory.
    mutating func recycle() -> [MappedSegment] {
        var recycled: [MappedSegment] = []
        while used.count > 1, let oldest = used.first, oldest.needed == 0 {
            oldest.file.write(word: 0, at: 0)
            recycled.append(oldest.file)
            used.removeFirst()
        }
        free += recycled
        return recycled
    }

    /// The generation of the oldest segment when only open intents keep it and it lies well behind.
    var stragglers: UInt32? {
        guard used.count > 2, let oldest = used.first, oldest.uncommitted == 0 else { return nil }
        return oldest.generation
    }

    private func index(of generation: UInt32) -> Int? {
        guard let first = used.first, generation >= first.generation else { return nil }
        let index = Int(generation - first.generation)
        return index < used.count ? index : nil
    }

    /// Whether the last segment has room for `size`, having gone on to a free one where needed.
    private mutating func opensRoom(_ size: Int) -> Bool {
        if let current = used.last, current.end + size <= segmentBytes { return true }
        guard !free.isEmpty else { return false }
        let file = free.removeFirst()
        lastGeneration += 1
        file.write(word: SegmentRecord.format | UInt64(lastGeneration) << 32, at: 8)
        file.write(word: SegmentRecord.magic, at: 0)
        used.append(Segment(file: file, generation: lastGeneration))
        return true
    }
}
