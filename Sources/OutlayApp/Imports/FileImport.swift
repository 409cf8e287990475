internal import Foundation
package import OutlayWire

/// Reads a file row by row and sends what it says to the server, in pages.
///
/// Every record is named after its row, so that a file sent twice is booked once, and an import that broke off goes on
/// by being started again.
package struct FileImport: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let path: String
    private let format: ImportFormat
    private let tags: [(name: String, value: String)]
    private let key: String?
    private let isDryRun: Bool

    private static let pageRows = 1000
    private static let pageBytes = 8 << 20
    private static let chunkBytes = 1 << 20
    /// A list is read as a whole; one object per line has no such bound.
    private static let listBytesMax = 1 << 30

    package init(
        _ path: String,
        format: ImportFormat,
        tags: [(name: String, value: String)],
        key: String?,
        isDryRun: Bool
    ) {
        self.path = path
        self.format = format
        self.tags = tags
        self.key = key
        self.isDryRun = isDryRun
    }

    /// Sends the whole file.
    ///
    /// - Parameter progress: called after each page with what became of the rows so far.
    package func run(
        with api: APIClient,
        progress: @escaping @Sendable (ImportSummary) -> Void
    ) async throws -> ImportSummary {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Failure(description: "cannot read \(path)") }
        defer { try? file.close() }
        var reader = RowReader()
        var desk = ImportDesk(format, tags: tags)
        var summary = ImportSummary(isDryRun: isDryRun)
        var page: [[UInt8]] = []
        var pageBytes = 0
        var isAtEnd = false
        while !isAtEnd {
            let chunk = try file.read(upToCount: Self.chunkBytes) ?? Data()
            isAtEnd = chunk.isEmpty
            let rows = try isAtEnd ? reader.finish() : reader.read(Array(chunk), listBytesMax: Self.listBytesMax)
            if let header = reader.takeHeader() { summary.unread = format.unread(header) }
            for row in rows {
                summary.rows += 1
                guard let record = summary.note(desk.outcome(of: row)) else { continue }
                page.append(record)
                pageBytes += record.count
                guard page.count >= Self.pageRows || pageBytes >= Self.pageBytes else { continue }
                summary.add(try await send(page, with: api))
                progress(summary)
                (page, pageBytes) = ([], 0)
            }
        }
        if !page.isEmpty { summary.add(try await send(page, with: api)) }
        return summary
    }

    private func send(_ page: [[UInt8]], with api: APIClient) async throws -> EventsAnswer {
        var query = [("source", format.source)]
        if let key { query.append(("key", key)) }
        if isDryRun { query.append(("dry_run", "true")) }
        return try await api.post("events", query, lines: page)
    }
}
