/// Takes what a ``JSONScanner`` finds, in the order of the bytes.
///
/// Indices are those of the bytes handed to the scanner together with the call. A string or number that is
/// split between two chunks begins in one and ends in the other.
protocol JSONSink {
    mutating func open(isObject: Bool, at index: Int)
    /// `index` is that of the closing bracket.
    mutating func close(isObject: Bool, in bytes: RawSpan, at index: Int)
    /// `index` is that of the opening quote.
    mutating func beginString(isKey: Bool, at index: Int)
    /// A run of the string that holds no escape, as it came.
    mutating func string(_ bytes: RawSpan, _ range: Range<Int>)
    /// One escaped scalar; surrogate pairs are joined, lone halves are U+FFFD.
    mutating func escaped(_ scalar: UInt32)
    /// `index` is that of the closing quote.
    mutating func endString(isKey: Bool, at index: Int)
    mutating func beginAtom(_ atom: JSONAtom, at index: Int)
    mutating func atom(_ bytes: RawSpan, _ range: Range<Int>)
    /// `index` is one past the atom's last byte.
    mutating func endAtom(_ atom: JSONAtom, at index: Int)
}

/// A value without structure that is not a string.
package enum JSONAtom: UInt8, Hashable, Sendable {
    case null
    case `true`
    case `false`
    case number
}

/// Why bytes are not the JSON they should be.
package enum JSONError: Error, Hashable, Sendable {
    /// Not JSON at this byte.
    case syntax(at: Int)
    /// More than ``JSONScanner/depthMax`` brackets are open.
    case tooDeep
    /// The bytes end inside a value.
    case incomplete
}
