#if canImport(Glibc)
    internal import Glibc
#endif

/// How the process's memory is asked of the system.
enum Heap {
    #if canImport(Glibc)
        /// Has glibc keep freed memory for the next call instead of returning it to the kernel after each.
        ///
        /// By default the top of an event loop's heap is given back as soon as 128 KiB of it are free, and faulted in
        /// again a call later; that was a tenth of what a call cost. Another C library has no `mallopt`, and is left
        /// as it is.
        static func settle() {
            typealias Option = @convention(c) (CInt, CInt) -> CInt
            // RTLD_DEFAULT is a null pointer: the name is looked for in everything that is loaded.
            guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
            let setOption = unsafe unsafeBitCast(symbol, to: Option.self)
            for (option, bytes) in [(trimThreshold, 4 << 20), (topPad, 256 << 10), (mmapThreshold, 1 << 20)] {
                _ = setOption(option, CInt(bytes))
            }
        }

        /// `M_TRIM_THRESHOLD`, `M_TOP_PAD` and `M_MMAP_THRESHOLD` of glibc's `malloc.h`.
        private static let (trimThreshold, topPad, mmapThreshold): (CInt, CInt, CInt) = (-1, -2, -3)
    #else
        static func settle() {}
    #endif
}
