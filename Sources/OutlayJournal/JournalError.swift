/// Why the journal could not be opened or read.
package enum JournalError: Error, Hashable {
    /// The system refused; names the file, the operation and the error. Nothing was changed.
    case system(path: String, operation: String, errno: Int32)
    /// The file is no segment of this program's version; the version that wrote it must recover it.
    case unreadable(path: String, reason: String)
    /// The folder still holds segments: recover them, append what they say, discard them, then open.
    case unrecovered(directory: String)
}
