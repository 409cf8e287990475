internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#endif

/// How the process's memory is asked of the system, and given back.
package enum ProcessMemory {
    #if canImport(Glibc)
        /// Has glibc keep freed memory for the next call instead of returning it to the kernel after each.
        ///
        /// By default the top of an event loop's heap is given back as soon as 128 KiB of it are free, and faulted in
        /// again a call later. Another C library has no `mallopt`, and is left as it is.
        package static func settle() {
            typealias Option = @convention(c) (CInt, CInt) -> CInt
            // RTLD_DEFAULT is a null pointer: the name is looked for in everything that is loaded.
            guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
            let setOption = unsafe unsafeBitCast(symbol, to: Option.self)
            for (option, bytes) in [(trimThreshold, 4 << 20), (mmapThreshold, 1 << 20)] {
                _ = setOption(option, CInt(bytes))
            }
        }

        /// `M_TRIM_THRESHOLD` and `M_MMAP_THRESHOLD` of glibc's `malloc.h`.
        private static let (trimThreshold, mmapThreshold): (CInt, CInt) = (-1, -3)

        /// Lets go of freed memory, and of code, which is mapped in again where it is needed.
        static func forget() {
            trim()
            dropCode()
        }

        /// Gives freed pages of every heap back to the kernel.
        private static func trim() {
            typealias Trim = @convention(c) (Int) -> CInt
            guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
            _ = unsafe unsafeBitCast(symbol, to: Trim.self)(0)
        }

        /// Only pages that cannot have been written are dropped: executable ones of the program's own file.
        private static func dropCode() {
            guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
                let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
            else { return }
            for line in maps.split(separator: "\n") where line.hasSuffix(" " + program) {
                let words = line.split(separator: " ", maxSplits: 2)
                guard words.count > 1, words[1] == "r-xp" else { continue }
                let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                guard ends.count == 2, ends[0] < ends[1] else { continue }
                _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: ends[0]), Int(ends[1] - ends[0]), MADV_DONTNEED)
            }
        }
    #else
        package static func settle() {}
        static func forget() {}
    #endif
}
