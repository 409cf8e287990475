internal import ServiceLifecycle

/// Lets go of the memory that nobody needs for now, each time the server has become quiet.
///
/// What the start mapped in, and what a burst of calls freed, would else stay resident for good.
struct Resting: Service {
    /// A server that waits works for some milliseconds of every second.
    private static let interval = Duration.seconds(2)
    private static let quietCPU = Duration.milliseconds(20)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var before = SystemClock.ofProcess()
            var isResting = false
            while (try? await Task.sleep(for: Self.interval)) != nil {
                let now = SystemClock.ofProcess()
                let isQuiet = now - before < Self.quietCPU
                before = now
                if isQuiet, !isResting { ProcessMemory.forget() }
                isResting = isQuiet
            }
        }
    }
}
