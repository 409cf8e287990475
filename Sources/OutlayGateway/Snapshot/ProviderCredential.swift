/// A provider's key, in memory only: every way of printing it yields `•••` (S-05).
package struct ProviderCredential: Sendable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The key itself; called where the request to the provider is written and nowhere else.
    func reveal() -> String { value }
}

extension ProviderCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
