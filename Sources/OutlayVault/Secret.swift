/// Something that must never be printed: a provider key, a token, a passphrase.
///
/// It has no `Encodable`, and every way of turning it into text yields `•••`; the one way to the value is
/// ``reveal()``, which is easy to search for (S-05).
package struct Secret: Hashable, Sendable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    package func reveal() -> String { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
