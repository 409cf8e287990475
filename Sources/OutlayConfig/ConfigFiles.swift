import Foundation
package import OutlayCore

/// The configuration at one path: a YAML file, or a folder whose `.yaml` and `.yml` files are read as one.
package struct ConfigFiles: Hashable, Sendable {
    package let path: String

    /// The most files of a folder.
    static let filesMax = 256

    package init(_ path: String) {
        self.path = path
    }

    /// What a configuration says, and everything that is wrong with it.
    package struct Validation: Hashable, Sendable {
        /// `nil` when there is an error; warnings do not stop it.
        package let resources: Resources?
        /// In the order of files, lines and columns; at most 100.
        package let diagnostics: [Diagnostic]
    }

    /// Reads everything and tells every problem at once.
    ///
    /// It never throws and changes nothing.
    /// Whether environment variables and key files exist is not asked: a configuration may be checked elsewhere.
    package func validate() -> Validation {
        let log = DiagnosticLog()
        let documents = files(log).compactMap { file in
            text(of: file, log).flatMap { YAMLDocument.read($0, file: file, log: log) }
        }
        var reader = ConfigReader(log: log)
        reader.read(documents)
        return Validation(
            resources: log.hasErrors ? nil : reader.resources,
            diagnostics: log.diagnostics.sorted()
        )
    }

    /// A digest of the names and contents of all files: two that differ mean that something changed.
    ///
    /// Contents rather than dates, because a file may be replaced within the resolution of its date.
    package func fingerprint() -> Fingerprint {
        var fingerprint = Fingerprint()
        for file in files(DiagnosticLog()) {
            fingerprint.take(Data(file.utf8))
            fingerprint.take((try? bytes(of: file)) ?? Data("unreadable".utf8))
        }
        return fingerprint
    }

    /// The files to read, in the order of their names.
    private func files(_ log: DiagnosticLog) -> [String] {
        guard FileManager.default.fileExists(atPath: path) else {
            log.error("there is no such file or folder", at: .whole(path))
            return []
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        if files.isEmpty { log.error("the folder has no .yaml or .yml files", at: .whole(path)) }
        if files.count > Self.filesMax {
            log.error("the folder has more than \(Self.filesMax) files", at: .whole(path))
        }
        return files.prefix(Self.filesMax).map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    private func text(of file: String, _ log: DiagnosticLog) -> String? {
        guard let data = try? bytes(of: file) else {
            log.error("cannot be read; check that it is a file and its permissions", at: .whole(file))
            return nil
        }
        let bytes = data.starts(with: [0xef, 0xbb, 0xbf]) ? data.dropFirst(3) : data
        guard let text = String(validating: bytes, as: UTF8.self) else {
            log.error("is not UTF-8 text; save it as UTF-8", at: .whole(file))
            return nil
        }
        return text
    }

    /// At most one byte more than is allowed, so that a huge file is told apart and never read.
    private func bytes(of file: String) throws -> Data {
        let handle = try FileHandle(forReadingFrom: URL(filePath: file))
        defer { try? handle.close() }
        return try handle.read(upToCount: YAMLDocument.bytesMax + 1) ?? Data()
    }
}

/// A digest by which a change of a configuration is noticed (FNV-1a, no protection against forgery).
package struct Fingerprint: Hashable, Sendable {
    private var value: UInt64 = 0xcbf2_9ce4_8422_2325

    fileprivate mutating func take(_ data: Data) {
        for byte in data { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        value = (value ^ UInt64(data.count)) &* 0x0000_0100_0000_01b3
    }
}

/// Paths that a configuration names.
enum FilePath {
    /// `path`, taken from the folder of `file` unless it is absolute.
    static func resolved(_ path: String, besideFile file: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        return folder + path
    }
}
