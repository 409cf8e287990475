import OutlayCore

/// A client key's rules as bytes, of which the first is the version of the format.
enum KeyRulesCodec {
    private static let version: UInt8 = 1

    static func bytes(of rules: KeyRules) -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 128)
        writer.byte(version)
        writer.text(rules.name)
        writer.text(rules.workspace)
        writer.tags(rules.tags)
        writer.count(rules.allow.count)
        for (dimension, values) in rules.allow.sorted(by: { $0.key < $1.key }) {
            writer.text(dimension.name)
            writer.texts(values)
        }
        writer.texts(rules.upstreams)
        writer.texts(rules.models)
        writer.text(rules.door.rawValue)
        writer.optional(rules.expires?.microseconds)
        return writer.bytes
    }

    static func rules(from bytes: [UInt8]) throws(CodecError) -> KeyRules {
        var reader = ByteReader(bytes)
        let found = try reader.byte()
        guard found == version else { throw CodecError.invalid("the key's rules have format \(found)") }
        var rules = KeyRules(name: try reader.text(), workspace: try reader.text(), tags: try reader.tags())
        for _ in 0..<(try reader.count()) {
            let dimension = try reader.dimension()
            rules.allow[dimension] = try reader.texts()
        }
        rules.upstreams = try reader.texts()
        rules.models = try reader.texts()
        rules.door = try reader.choice()
        rules.expires = try reader.optional().map(Timestamp.init(microseconds:))
        return rules
    }
}

extension ByteWriter {
    mutating func texts(_ values: [String]) {
        count(values.count)
        for value in values { text(value) }
    }
}

extension ByteReader {
    mutating func texts() throws(CodecError) -> [String] {
        var values: [String] = []
        for _ in 0..<(try count()) { values.append(try text()) }
        return values
    }
}
