internal import Foundation
internal import Logging
internal import OutlayCore
internal import OutlaySQLite
internal import OutlayWeb

extension Installation {
    /// Opens a folder that no server has, answers on a free local port while `work` runs, and closes it again.
    ///
    /// Commands thus do the same through the same API, whether a server runs or not.
    static func withLocalAPI<Result>(
        _ settings: Settings,
        _ work: (APIClient) async throws -> Result
    ) async throws -> Result {
        // It keeps metadata, where requests have their ids; a handler without any traps.
        let quiet = Logger(label: "outlay") { _ in StandardErrorLog(logLevel: .critical) }
        let installation = try await Installation(settings, logger: quiet)
        let (addresses, arrived) = AsyncStream.makeStream(of: Int.self)
        let server = try WebServer(
            installation.webRouter(isSecure: false, gatewayURL: { "" }),
            listener: WebServer.Listener(host: "127.0.0.1", port: 0),
            logger: quiet,
            opened: { arrived.yield($0) }
        )
        let running = Task { try await server.run() }
        defer { running.cancel() }
        for await port in addresses {
            return try await work(APIClient(url: "http://127.0.0.1:\(port)", token: installation.adminToken))
        }
        throw StartFailure("the local API did not start")
    }

    func webRouter(isSecure: Bool, gatewayURL: @escaping @Sendable () -> String) -> WebRouter {
        WebRouter(
            ledger: ledger,
            operations: self,
            governance: self,
            sessions: sessions,
            gatewayURL: gatewayURL,
            isSecure: isSecure,
            logger: logger
        )
    }

    /// Puts the backup `file` in the place of the ledger in `folder`; no server may have it open.
    ///
    /// - Returns: what was done, for the person who asked.
    package static func restore(_ file: String, into folder: String) async throws -> String {
        let settings = Settings(dataFolder: folder)
        try DataFolder(settings: settings).prepare()
        let kept = settings.dataFolder + "/ledger-before-restore-\(SystemClock.now().microseconds).sqlite"
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw StartFailure.usage("cannot read \(file): name a file that outlay backup wrote")
        }
        let restored: Verification
        do {
            restored = try await SQLiteLedger.restore(from: file, to: settings.ledgerPath, keepingOldAt: kept)
        } catch LedgerError.unavailable(let reason) {
            throw StartFailure("\(file) could not be restored (\(reason)): is it a file that outlay backup wrote?")
        } catch LedgerError.locked(let holder) {
            throw StartFailure("the data folder is in use by \(holder): stop it before restoring")
        }
        return "restored \(restored.events) events, $\(restored.effective), chain head \(restored.chainHead)"
    }
}
