internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// One service that ends with SIGTERM or Ctrl-C.
struct Stoppable: Sendable {
    let service: any Service

    func run() async throws {
        let configuration = ServiceGroupConfiguration(
            services: [.init(service: service)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "outlay") { _ in SwiftLogNoOpLogHandler() }
        )
        try await ServiceGroup(configuration: configuration).run()
    }
}
