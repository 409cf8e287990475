import Foundation
import OutlayCore
import Testing

@testable import OutlayJournal

@Suite struct SegmentTests {
    let folder = TemporaryFolder()

    /// The bytes of a segment with three open calls, as the next process finds them.
    private func written() throws -> (path: String, bytes: [UInt8]) {
        let journal = try Journal.open(folder)
        for name in ["a", "b", "c"] { try journal.intend(.call(name)) }
        let path = folder.path + "/lane-0-0.journal"
        return (path, [UInt8](try Data(contentsOf: URL(filePath: path))))
    }

    private func names(_ bytes: [UInt8], at path: String) throws -> (names: [String], damaged: Int) {
        try Data(bytes).write(to: URL(filePath: path))
        let recovery = try folder.recovery()
        return (recovery.unsettled.map(\.id.id), recovery.damaged)
    }

    private func recordSize() -> Int {
        SegmentRecord.size(ofPayload: EventCodec.bytes(of: CallIntent.call("a")).count)
    }

    @Test func `a record torn anywhere is as if it was never written`() throws {
        let (path, bytes) = try written()
        let last = SegmentRecord.headerSize + 2 * recordSize()
        for cut in stride(from: last, to: last + recordSize() - 8, by: 7) {
            var torn = bytes
            for index in cut..<last + recordSize() { torn[index] = 0 }
            // The last fields of a record may be zeros themselves.
            guard torn != bytes else { continue }
            let found = try names(torn, at: path)
            #expect(found.names == ["a", "b"] && found.damaged == 0, "cut at \(cut)")
        }
    }

    @Test func `a damaged record is left out and counted, and those behind it are read`() throws {
        let (path, bytes) = try written()
        let middle = SegmentRecord.headerSize + recordSize()
        for offset in stride(from: middle, to: middle + recordSize() - 8, by: 5) {
            var damaged = bytes
            damaged[offset] ^= 0x10
            let found = try names(damaged, at: path)
            #expect(found.names == ["a", "c"] && found.damaged == 1, "byte \(offset)")
        }
    }

    @Test func `records of an earlier use of the file are not read`() throws {
        let (path, bytes) = try written()
        var reused = bytes
        reused[12] = 2
        #expect(try names(reused, at: path).names.isEmpty)
    }

    @Test func `a record at another place than it was written to is not read`() throws {
        let (path, bytes) = try written()
        let size = recordSize()
        let first = SegmentRecord.headerSize..<SegmentRecord.headerSize + size
        var moved = bytes
        moved.replaceSubrange(first.lowerBound + 3 * size..<first.upperBound + 3 * size, with: bytes[first])
        #expect(try names(moved, at: path).names == ["a", "b", "c"])
    }

    @Test(arguments: [
        (offset: 0, reason: "does not begin as a segment does"), (offset: 8, reason: "is of format 3, not 1"),
    ])
    func `a file that is no segment is named`(_ row: (offset: Int, reason: String)) throws {
        let (path, bytes) = try written()
        var other = bytes
        other[row.offset] = 3
        #expect(throws: JournalError.unreadable(path: path, reason: row.reason)) { try names(other, at: path) }
    }

    @Test func `a segment that cannot be allocated leaves no file behind`() throws {
        let device = "/dev/shm"
        let path = "\(device)/outlay-\(UUID().uuidString).journal"
        #expect(throws: JournalError.self) { try MappedSegment(creating: path, count: 1 << 46) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `nothing is written past the end of a segment`() throws {
        try JournalFolder.create(folder.path)
        let segment = try MappedSegment(creating: folder.path + "/x.journal", count: 4096)
        #expect(!segment.write([1, 2], at: 4095))
        #expect(!segment.write(word: 1, at: 4096))
        #expect(!segment.write(word: 1, at: 4))
        #expect(!segment.write([1], at: -1))
        #expect(segment.bytes(4090..<5000) == [0, 0, 0, 0, 0, 0])
        #expect(segment.write([1, 2], at: 4094))
    }
}
