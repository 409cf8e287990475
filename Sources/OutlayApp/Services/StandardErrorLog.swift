internal import Foundation
internal import Logging

/// One JSON object per line on standard error; never bodies, keys or prompts.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        fields["level"] = event.level.rawValue
        fields["message"] = "\(event.message)"
        fields["time"] = "\(SystemClock.now())"
        guard let line = try? JSONText.line(fields) else { return }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// - Throws: a ``StartFailure`` when there is no such level.
    static func logger(level: String) throws(StartFailure) -> Logger {
        guard let level = Logger.Level(rawValue: level) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw StartFailure.usage("log_level: '\(level)' is none of \(levels)")
        }
        return Logger(label: "outlay") { _ in StandardErrorLog(logLevel: level) }
    }
}
