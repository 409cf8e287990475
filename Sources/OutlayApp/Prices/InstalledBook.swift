internal import Foundation
internal import Logging
internal import OutlayCore
internal import OutlayWire

/// The price book of an installation: the built-in one, or a newer one that was taken in.
struct InstalledBook: Sendable {
    private let path: String

    init(_ settings: Settings) {
        path = settings.bookPath
    }

    /// The newer of the two; a damaged file is reported and passed over.
    func contents(logger: Logger) throws -> BookContents {
        let builtIn = try PriceBookJSON.read(EmbeddedBook.json)
        guard let data = FileManager.default.contents(atPath: path) else { return builtIn }
        do {
            let installed = try PriceBookJSON.read(bytes: Array(data))
            return installed.version > builtIn.version ? installed : builtIn
        } catch {
            logger.error("the price book that was taken in cannot be read", metadata: ["reason": "\(error)"])
            return builtIn
        }
    }

    func install(_ book: [UInt8]) throws {
        try Data(book).write(to: URL(filePath: path), options: .atomic)
    }
}
