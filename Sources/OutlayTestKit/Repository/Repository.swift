package import Foundation

/// The project's own files, as tests see them.
package enum Repository {
    /// The folder that holds `Package.swift`, found from where this file was compiled.
    package static let root: URL = {
        var folder = URL(filePath: #filePath)
        while folder.path() != "/" {
            folder.deleteLastPathComponent()
            let manifest = folder.appending(path: "Package.swift")
            if FileManager.default.fileExists(atPath: manifest.path()) { return folder }
        }
        preconditionFailure("no Package.swift above \(#filePath)")
    }()

    /// Paths of the files below `folder`, relative to the root, in order; hidden and built files left out.
    package static func files(under folder: String, suffix: String = "") -> [String] {
        let start = root.appending(path: folder)
        guard let names = FileManager.default.enumerator(atPath: start.path()) else { return [] }
        var paths: [String] = []
        while let name = names.nextObject() as? String {
            if name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { continue }
            let path = "\(folder)/\(name)"
            if name.hasSuffix(suffix), !isFolder(path) { paths.append(path) }
        }
        return paths.sorted()
    }

    /// The folders directly below `folder`, by name.
    package static func folders(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())) ?? []
        return names.filter { isFolder("\(folder)/\($0)") && !$0.hasPrefix(".") }.sorted()
    }

    /// Whether there is a file or folder at `path`, relative to the root.
    package static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path())
    }

    /// The text of the file at `path`, relative to the root.
    package static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func isFolder(_ path: String) -> Bool {
        let values = try? root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])
        return values?.isDirectory ?? false
    }
}
