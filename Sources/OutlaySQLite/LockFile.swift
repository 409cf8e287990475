#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import OutlayCore

/// Keeps every other process away from the database while this one has it.
///
/// The kernel gives the lock back when the process ends, however it ends; the file stays.
final class LockFile: Sendable {
    private let descriptor: Int32

    init(path: String) throws(LedgerError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(reason: "the lock file \(path) cannot be opened: \(Self.reason(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.content(of: descriptor)
            close(descriptor)
            throw .locked(by: holder.isEmpty ? "another process" : "process \(holder)")
        }
        let identity = Array(String(getpid()).utf8)
        guard ftruncate(descriptor, 0) == 0,
            unsafe pwrite(descriptor, identity, identity.count, 0) == identity.count
        else {
            let failure = Self.reason(errno)
            close(descriptor)
            throw .unavailable(reason: "the lock file \(path) cannot be written: \(failure)")
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private static func content(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    static func reason(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
