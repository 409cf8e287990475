/// One problem of a configuration, and where it is.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        /// The configuration is refused.
        case error
        /// Worth knowing; never refuses anything.
        case warning
    }

    package let severity: Severity
    /// The file's path, as it was given.
    package let file: String
    /// From 1; 0 where the problem is the whole file.
    package let line: Int
    /// In characters from 1; 0 where the problem is the whole file.
    package let column: Int
    package let message: String

    package init(_ severity: Severity, file: String, line: Int, column: Int, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line for a terminal.
    ///
    /// `teams.yaml:14:5: error: unknown key 'limt' in budget 'growth'; did you mean 'limit'?`
    package var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return "\(place): \(severity.rawValue): \(message)"
    }
}

extension Diagnostic: Comparable {
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
    }
}

/// Where something is written.
struct Place: Hashable {
    let file: String
    let line: Int
    let column: Int

    /// The whole of `file`.
    static func whole(_ file: String) -> Place {
        Place(file: file, line: 0, column: 0)
    }
}

extension Place: CustomStringConvertible {
    var description: String { "\(file):\(line):\(column)" }
}

/// Collects every problem of a reading, so that all of them are told at once.
final class DiagnosticLog {
    /// The most problems that are told of one configuration.
    static let countMax = 100

    private(set) var diagnostics: [Diagnostic] = []
    private(set) var hasErrors = false

    var isFull: Bool { diagnostics.count >= Self.countMax }

    func error(_ message: @autoclosure () -> String, at place: Place) {
        hasErrors = true
        add(.error, message, place)
    }

    func warn(_ message: @autoclosure () -> String, at place: Place) {
        add(.warning, message, place)
    }

    private func add(_ severity: Diagnostic.Severity, _ message: () -> String, _ place: Place) {
        guard !isFull else { return }
        let text = diagnostics.count + 1 < Self.countMax ? message() : "more problems follow; solve these first"
        diagnostics.append(
            Diagnostic(severity, file: place.file, line: place.line, column: place.column, message: text)
        )
    }
}
