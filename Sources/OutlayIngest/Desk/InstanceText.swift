internal import OutlayCore

/// What tells the processes of an emitter apart, as one text that can be kept and compared.
enum InstanceText {
    private static let separator: Character = "\u{1F}"

    /// The signal's letter, then `name=value` in the order of names.
    static func text(_ instance: [String: String], signal: Observation.Signal) -> String {
        let parts = instance.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([letter(of: signal)] + parts).joined(separator: String(separator))
    }

    static func letter(of signal: Observation.Signal) -> String {
        switch signal {
        case .log: "l"
        case .span: "s"
        case .metric: "m"
        }
    }

    static func isFrom(_ signal: Observation.Signal, _ text: String) -> Bool {
        text.prefix { $0 != separator } == letter(of: signal)
    }

    /// Whether both may be one process: they agree on everything that both of them know.
    static func isCompatible(_ left: String, _ right: String) -> Bool {
        let known = parts(of: left)
        return parts(of: right).allSatisfy { name, value in known[name].map { $0 == value } ?? true }
    }

    private static func parts(of text: String) -> [Substring: Substring] {
        var parts: [Substring: Substring] = [:]
        for part in text.split(separator: separator).dropFirst() {
            let name = part.prefix { $0 != "=" }
            parts[name] = part.dropFirst(name.count + 1)
        }
        return parts
    }
}
