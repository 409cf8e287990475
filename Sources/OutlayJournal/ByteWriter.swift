/// Appends values in the codec's binary form.
///
/// Numbers are LEB128, signed ones zigzag first; text is its UTF-8 length and bytes. A field is a tag
/// from 1 to 255 and a value; an absent field is left out; tag 0 ends a structure.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    mutating func end() {
        bytes.append(0)
    }

    mutating func count(_ value: some FixedWidthInteger & UnsignedInteger) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func number(_ value: Int64) {
        count(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    mutating func wideNumber(_ value: Int128) {
        count(UInt128(truncatingIfNeeded: value << 1 ^ value >> 127))
    }

    mutating func text(_ value: String) {
        count(UInt(value.utf8.count))
        // Copied at once where the text is one stretch of memory, as native text is.
        let isCopied: Void? = unsafe value.utf8.withContiguousStorageIfAvailable { text in
            unsafe bytes.append(contentsOf: text)
        }
        if isCopied == nil { bytes.append(contentsOf: value.utf8) }
    }
}

extension ByteWriter {
    mutating func field(_ tag: UInt8, _ value: String?) {
        guard let value else { return }
        byte(tag)
        text(value)
    }

    mutating func field(_ tag: UInt8, _ value: Int64?) {
        guard let value else { return }
        byte(tag)
        number(value)
    }

    mutating func field(_ tag: UInt8, _ value: Bool) {
        if value { byte(tag) }
    }

    /// Writes each element as a field of its own; order is kept.
    mutating func fields<Element>(_ tag: UInt8, _ list: [Element], _ body: (inout ByteWriter, Element) -> Void) {
        for element in list {
            byte(tag)
            body(&self, element)
        }
    }
}
