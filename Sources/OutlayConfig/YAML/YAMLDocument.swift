internal import Yams

/// Reads one YAML document into ``ConfigNode``s, without any of YAML's shorthands.
///
/// Anchors, aliases, tags and merge keys are refused with their place. They must not even reach the
/// parser's composer: it hashes every mapping key, and a key that is an alias of aliases takes
/// exponential time. So the three characters that begin them are swapped for private-use ones (one
/// character each, so that columns stay true) before parsing, and swapped back in every scalar.
struct YAMLDocument {
    /// The most bytes of one file.
    static let bytesMax = 1 << 20
    /// The most lines, list items and mapping entries of one file, which bounds the time it takes to read.
    static let piecesMax = 30_000

    private let file: String
    private let log: DiagnosticLog

    /// - Returns: `nil` for an empty document and for one that cannot be read, which is then in `log`.
    static func read(_ text: String, file: String, log: DiagnosticLog) -> ConfigNode? {
        YAMLDocument(file: file, log: log).read(text)
    }

    private func read(_ text: String) -> ConfigNode? {
        guard isSmall(text), !hasReservedCharacters(text) else { return nil }
        do {
            let parser = try Parser(
                yaml: Shorthand.hidden(text),
                resolver: .basic,
                constructor: Constructor([:], [:], [:]),
                encoding: .utf8
            )
            return try parser.singleRoot().map(convert)
        } catch let error as YamlError {
            report(error, text)
        } catch {
            log.error("cannot be read as YAML: \(error)", at: .whole(file))
        }
        return nil
    }

    private func isSmall(_ text: String) -> Bool {
        guard text.utf8.count <= Self.bytesMax else {
            log.error("is larger than 1 MiB; split it into several files in a folder", at: .whole(file))
            return false
        }
        var pieces = 0
        for byte in text.utf8 where Self.beginsPiece(byte) { pieces += 1 }
        guard pieces <= Self.piecesMax else {
            log.error(
                "has more than \(Self.piecesMax) lines and entries; split it into several files in a folder",
                at: .whole(file)
            )
            return false
        }
        return true
    }

    private static func beginsPiece(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): true
        default: false
        }
    }

    private func hasReservedCharacters(_ text: String) -> Bool {
        guard Shorthand.isHeld(by: text) else { return false }
        log.error("has characters of Unicode's private use area (U+E000 to U+E002); remove them", at: .whole(file))
        return true
    }

    private func convert(_ node: Node) -> ConfigNode {
        let place = place(node.mark)
        switch node {
        case .scalar(let scalar): return convert(scalar, at: place)
        case .sequence(let sequence): return ConfigNode(place: place, content: .list(sequence.map(convert)))
        case .mapping(let mapping): return ConfigNode(place: place, content: .mapping(mapping.compactMap(entry)))
        case .alias: return ConfigNode(place: place, content: .nothing)
        }
    }

    private func convert(_ scalar: Node.Scalar, at place: Place) -> ConfigNode {
        guard scalar.style == .plain else {
            return ConfigNode(place: place, content: .text(Shorthand.shown(scalar.string)))
        }
        if let shorthand = Shorthand(beginning: scalar.string) { log.error(shorthand.refusal, at: place) }
        let isNothing = ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        return ConfigNode(place: place, content: isNothing ? .nothing : .text(Shorthand.shown(scalar.string)))
    }

    private func entry(_ pair: (key: Node, value: Node)) -> ConfigNode.Entry? {
        let key = convert(pair.key)
        guard case .text(let name) = key.content else {
            log.error("a key must be text, not \(key.kind)", at: key.place)
            return nil
        }
        if name == "<<" {
            log.error("merge keys ('<<') are not supported; write the values out", at: key.place)
            return nil
        }
        return ConfigNode.Entry(key: name, keyPlace: key.place, value: convert(pair.value))
    }

    private func place(_ mark: Mark?) -> Place {
        Place(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0)
    }

    /// What to say of a syntax error besides what the parser says.
    private func hint(near line: Int, in text: String) -> String? {
        let lines = text.utf8.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: max(line, 0),
            omittingEmptySubsequences: false
        )
        let nearby = lines.prefix(max(line, 0)).suffix(2).map { Array($0.prefix(1000)) }
        let hasTab = nearby.last?.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "\t")
        return hasTab ? "indent with spaces, not tabs" : Shorthand.hint(near: nearby)
    }

    private func report(_ error: YamlError, _ text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            if problem.contains("nesting level") {
                return log.error("is nested too deeply", at: place(mark))
            }
            let began = context.map { " \($0.text) that began in line \($0.mark.line)" } ?? ""
            let hint = hint(near: mark.line, in: text).map { "; \($0)" } ?? ""
            log.error("cannot be read as YAML: \(problem)\(began)\(hint)", at: place(mark))
        case .composer(_, _, let mark, _):
            log.error("begins a second document ('---'); a file holds one", at: place(mark))
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.prefix(3).map { "'\(Shorthand.shown($0))'" }.joined(separator: ", ")
            log.error("the key \(names) is written more than once in one mapping", at: place(context.mark))
        case .reader(let problem, _, _, _):
            log.error("cannot be read as YAML: \(problem)", at: .whole(file))
        default:
            log.error("cannot be read as YAML", at: .whole(file))
        }
    }
}
