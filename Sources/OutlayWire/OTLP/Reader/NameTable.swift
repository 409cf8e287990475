/// Names by the hash of their bytes, so that looking one up makes no `String`.
///
/// A name that ends in `*` stands for every name that begins with what is before it; exact names win over those, and
/// of those the first given.
struct NameTable<Value: Sendable>: Sendable {
    private struct Exact: Sendable {
        let hash: UInt128
        let name: String
        let value: Value
    }

    private var exact: [Exact] = []
    /// Places in ``exact`` plus one, 0 where free.
    ///
    /// A power of two, at least twice as many as names.
    private var slots: [Int32]
    private var beginnings: [(bytes: [UInt8], value: Value)] = []
    /// How long the longest exact name is.
    private(set) var longest = 0

    /// The last value given for a name counts.
    init(_ names: [(String, Value)]) {
        var values: [String: Value] = [:]
        var order: [String] = []
        for (name, value) in names {
            if values.updateValue(value, forKey: name) == nil { order.append(name) }
        }
        var capacity = 16
        while capacity < order.count * 2 { capacity *= 2 }
        slots = Array(repeating: 0, count: capacity)
        for name in order {
            guard let value = values[name] else { continue }
            if name.hasSuffix("*") {
                beginnings.append((Array(name.utf8.dropLast()), value))
            } else {
                add(Exact(hash: StableHash.of(name), name: name, value: value))
                longest = max(longest, name.utf8.count)
            }
        }
    }

    var hasBeginnings: Bool { !beginnings.isEmpty }

    /// The exact name whose bytes have this hash.
    func name(hashed hash: UInt128) -> (name: String, value: Value)? {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] > 0 {
            let found = exact[Int(slots[slot]) - 1]
            if found.hash == hash { return (found.name, found.value) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// What the first beginning that `bytes[range]` has stands for.
    func beginning(of bytes: RawSpan, _ range: Range<Int>) -> Value? {
        for beginning in beginnings where range.count >= beginning.bytes.count {
            var offset = 0
            while offset < beginning.bytes.count, bytes[range.lowerBound &+ offset] == beginning.bytes[offset] {
                offset &+= 1
            }
            if offset == beginning.bytes.count { return beginning.value }
        }
        return nil
    }

    private mutating func add(_ name: Exact) {
        exact.append(name)
        var slot = Int(truncatingIfNeeded: name.hash) & (slots.count - 1)
        while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(truncatingIfNeeded: exact.count)
    }
}
