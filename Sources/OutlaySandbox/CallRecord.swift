import Foundation
import Synchronization

/// A file that every served call is appended to, twice: when it is seen and when it ends.
///
/// One JSON object per line, written at once, so that it tells what the provider saw whoever dies.
final class CallRecord: Sendable {
    private let file: Mutex<FileHandle>

    /// Opens `path` for appending, making the file when it is not there.
    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(filePath: path), options: .withoutOverwriting)
        }
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seekToEnd()
        file = Mutex(handle)
    }

    func append(_ line: JSON) {
        let bytes = Data(line.bytes + [UInt8(ascii: "\n")])
        // A record that cannot be written must not stop the provider; the bill in memory still has the call.
        file.withLock { try? $0.write(contentsOf: bytes) }
    }
}
