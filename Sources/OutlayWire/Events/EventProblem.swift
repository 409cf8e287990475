/// Why one record cannot be booked: which one, and what to change.
package struct EventProblem: Codable, Hashable, Sendable {
    /// Its place in the request, from 0.
    package var index: Int
    package var message: String

    package init(index: Int, message: String) {
        self.index = index
        self.message = message
    }
}
