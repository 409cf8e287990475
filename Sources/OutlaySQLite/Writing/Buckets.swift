/// Several values under one key; most keys have one, which then needs no array.
struct Buckets<Key: Hashable & Comparable & Sendable, Value: Hashable & Sendable>: Sendable {
    private var first: [Key: Value] = [:]
    private var more: [Key: [Value]] = [:]

    subscript(key: Key) -> [Value] {
        guard let value = first[key] else { return [] }
        return [value] + (more[key] ?? [])
    }

    func has(_ key: Key) -> Bool { first[key] != nil }

    /// A value stands under a key once.
    mutating func add(_ value: Value, under key: Key) {
        guard let known = first[key] else { return first[key] = value }
        guard known != value, more[key]?.contains(value) != true else { return }
        more[key, default: []].append(value)
    }

    func sorted(by isBefore: (Value, Value) -> Bool) -> [(key: Key, value: Value)] {
        first.sorted { $0.key < $1.key }.flatMap { key, value in
            ([value] + (more[key] ?? [])).sorted(by: isBefore).map { (key, $0) }
        }
    }
}
