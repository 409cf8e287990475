internal import ServiceLifecycle

/// Does one thing again and again until the process ends: watching files, sealing old months.
struct Repeating: Service {
    let interval: Duration
    let work: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await work()
                try? await Task.sleep(for: interval)
            }
        }
    }
}
