internal import HTTPTypes
internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// What keeps an installation sound: verify, doctor, backup.
struct UpkeepRoutes: Sendable {
    let operations: any Operations

    func add(to router: some RouterMethods<some RequestContext>) {
        router.post("verify") { _, _ in VerificationAnswer(try await operations.verify()) }
        router.get("doctor") { _, _ in await operations.doctor() }
        router.get("backup", use: backup)
    }

    /// Streams a consistent copy of the ledger; the file it came from is removed afterwards.
    @Sendable
    private func backup(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let path = try await operations.backup()
        let body = try await FileIO().loadFile(path: path, context: context)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/vnd.sqlite3", .contentDisposition: "attachment; filename=outlay.sqlite",
            ],
            body: ResponseBody(contentLength: body.contentLength) { writer in
                try await body.write(writer)
                await operations.discardBackup(path)
            }
        )
    }
}

extension VerificationAnswer: ResponseEncodable {}
extension Finding: ResponseEncodable {}
