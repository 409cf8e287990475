import Glibc

/// A file of fixed size whose bytes are memory shared with the page cache.
///
/// What is written here survives the death of the process at once, without a system call. All unsafe
/// code of the target is in this file: every access is checked against the size, and whoever writes
/// serialises writes (the lane's lock does). The blocks are allocated when the file is made, so a full
/// disk is an error then and never a fault later.
final class MappedSegment: Sendable {
    let path: String
    let count: Int
    private let address: UInt

    /// Makes the file and allocates all its blocks; removes it again when that fails.
    init(creating path: String, count: Int) throws(JournalError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { close(descriptor) }
        let code = posix_fallocate(descriptor, 0, count)
        guard code == 0 else {
            _ = unsafe unlink(path)
            throw .system(path: path, operation: "allocate", errno: code)
        }
        self.path = path
        self.count = count
        address = try Self.map(descriptor, count, PROT_READ | PROT_WRITE, path)
    }

    /// Maps a file as it is, for reading only.
    init(reading path: String) throws(JournalError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end > 0 else { throw .unreadable(path: path, reason: "is empty") }
        self.path = path
        count = Int(end)
        address = try Self.map(descriptor, count, PROT_READ, path)
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), count)
    }

    /// Copies `bytes` to `offset`.
    ///
    /// - Returns: `false`, having written nothing, when they do not fit.
    @discardableResult
    func write(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard let place = unsafe place(offset, bytes.count) else { return false }
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe place.copyMemory(from: start, byteCount: source.count)
        }
        return true
    }

    /// Stores eight bytes in one instruction; `offset` is a multiple of eight.
    @discardableResult
    func write(word: UInt64, at offset: Int) -> Bool {
        guard offset & 7 == 0, let place = unsafe place(offset, 8) else { return false }
        unsafe place.storeBytes(of: word.littleEndian, as: UInt64.self)
        return true
    }

    /// A copy of the bytes in `range`, cut to the size.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<count)
        guard let place = unsafe place(range.lowerBound, range.count) else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: place, count: range.count))
    }

    /// Takes the pages out of the process's memory; their content stays in the page cache.
    func releasePages() {
        _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: address), count, MADV_DONTNEED)
    }

    private func place(_ offset: Int, _ length: Int) -> UnsafeMutableRawPointer? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        return unsafe UnsafeMutableRawPointer(bitPattern: address &+ UInt(offset))
    }

    private static func map(
        _ descriptor: Int32,
        _ count: Int,
        _ protection: Int32,
        _ path: String
    ) throws(JournalError) -> UInt {
        let address = unsafe mmap(nil, count, protection, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { throw failure("map", path) }
        return UInt(bitPattern: address)
    }

    private static func failure(_ operation: String, _ path: String) -> JournalError {
        .system(path: path, operation: operation, errno: errno)
    }
}

/// The folder that holds the segments.
enum JournalFolder {
    static let suffix = ".journal"

    /// Makes the folder, readable by its owner only, unless it is there.
    static func create(_ path: String) throws(JournalError) {
        guard unsafe mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw .system(path: path, operation: "create", errno: errno)
    }

    /// The paths of all segments, by name; none when there is no folder.
    static func segments(_ path: String) throws(JournalError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            guard errno == ENOENT else { throw .system(path: path, operation: "list", errno: errno) }
            return []
        }
        defer { unsafe closedir(folder) }
        var paths: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix) { paths.append("\(path)/\(name)") }
        }
        return paths.sorted()
    }

    static func remove(_ path: String) throws(JournalError) {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw .system(path: path, operation: "remove", errno: errno)
    }
}
