internal import Foundation

extension String {
    /// The same text with each accented letter as one (Unicode's form C), so that its two spellings are one value.
    package var composed: String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }
}
