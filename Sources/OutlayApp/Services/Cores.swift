internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#endif

/// How many cores this process may run on.
enum Cores {
    /// Those of the machine, less what `taskset`, `cpuset` or systemd's `CPUAffinity` keeps it from; at least one.
    static var count: Int {
        max(1, allowed ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    #if canImport(Glibc)
        /// `nil` where the system does not say.
        private static var allowed: Int? {
            typealias Ask = @convention(c) (pid_t, Int, UnsafeMutablePointer<UInt64>) -> CInt
            // Not in Swift's view of glibc, which leaves out what POSIX does not have.
            guard let symbol = unsafe dlsym(nil, "sched_getaffinity") else { return nil }
            let ask = unsafe unsafeBitCast(symbol, to: Ask.self)
            var mask = [UInt64](repeating: 0, count: 128)
            let code = unsafe mask.withUnsafeMutableBufferPointer { words in
                guard let start = words.baseAddress else { return CInt(-1) }
                return unsafe ask(0, words.count * 8, start)
            }
            guard code == 0 else { return nil }
            return mask.reduce(0) { $0 + $1.nonzeroBitCount }
        }
    #else
        private static var allowed: Int? { nil }
    #endif
}
