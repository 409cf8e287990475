/// Why bytes are not what the codec writes.
package enum CodecError: Error, Hashable {
    /// The bytes end inside a value.
    case truncated
    /// Written in a version this program does not know.
    case version(UInt8)
    /// A tag this version does not write.
    case tag(UInt8)
    /// A required field is missing or a value is out of its range; names the field.
    case invalid(String)
}

/// Reads what ``ByteWriter`` wrote: every step is bounded by the bytes left, throws and never traps.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard let first = rest.popFirst() else { throw .truncated }
        return first
    }

    /// The next field's tag; `nil` at the structure's end.
    mutating func tag() throws(CodecError) -> UInt8? {
        let tag = try byte()
        return tag == 0 ? nil : tag
    }

    mutating func count<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type = Value.self
    ) throws(CodecError) -> Value {
        var value: Value = 0
        var shift = 0
        while true {
            let next = try byte()
            let bits = Value(truncatingIfNeeded: next & 0x7F)
            let shifted = shift < Value.bitWidth ? bits << Value(shift) : 0
            guard shift < Value.bitWidth, shifted >> Value(shift) == bits else { throw .invalid("number") }
            value |= shifted
            if next & 0x80 == 0 { return value }
            shift &+= 7
        }
    }

    mutating func number() throws(CodecError) -> Int64 {
        let folded = try count(UInt64.self)
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    mutating func wideNumber() throws(CodecError) -> Int128 {
        let folded = try count(UInt128.self)
        return Int128(truncatingIfNeeded: folded >> 1) ^ -Int128(truncatingIfNeeded: folded & 1)
    }

    mutating func text() throws(CodecError) -> String {
        guard let length = Int(exactly: try count(UInt64.self)), length <= rest.count else { throw .truncated }
        defer { rest = rest.dropFirst(length) }
        guard let text = String(validating: rest.prefix(length), as: UTF8.self) else { throw .invalid("text") }
        return text
    }

    /// A text field that stands for a case of `Value`; `field` names it in the error.
    mutating func word<Value: RawRepresentable<String>>(_ field: String) throws(CodecError) -> Value {
        guard let value = Value(rawValue: try text()) else { throw .invalid(field) }
        return value
    }

    /// A number that fits `Int`.
    mutating func integer() throws(CodecError) -> Int {
        guard let value = Int(exactly: try number()) else { throw .invalid("number") }
        return value
    }
}
