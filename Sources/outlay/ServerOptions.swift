internal import ArgumentParser
internal import OutlayApp

/// Which installation a command talks to.
struct ServerOptions: ParsableArguments {
    @Option(help: "The data folder of a server on this machine (OUTLAY_DATA; default: outlay-data).")
    var data: String?

    @Option(help: "The address of a server (OUTLAY_URL); its token is read from OUTLAY_TOKEN.")
    var url: String?

    /// Calls the running server, or does the work in this process when the data folder has none.
    func withAPI<Result>(_ work: (APIClient) async throws -> Result) async throws -> Result {
        try await Connection(data: data, url: url).withAPI(work)
    }
}
