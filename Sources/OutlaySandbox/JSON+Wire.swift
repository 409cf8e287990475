internal import OutlayWire

extension JSON {
    /// Reads one JSON text by the reader that the gateway trusts.
    ///
    /// - Returns: `nil` when `bytes` are not valid JSON, or nested deeper than that reader goes.
    init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(bytes) else { return nil }
        self.init(value)
    }

    private init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let isTrue): self = .bool(isTrue)
        case .number(let text): self = Int(text).map { .integer($0) } ?? .number(text)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map { JSON($0) })
        case .object(let members): self = .object(members.map { Member(name: $0.key, value: JSON($0.value)) })
        }
    }
}
