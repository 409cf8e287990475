/// Lets one at a time through, in the order they came: what one decides, the next one sees.
actor Turnstile {
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// The most that wait; R-09.
    private static let waitingMax = 1000

    /// - Returns: `false` when too many wait already; ``leave()`` is then not called.
    func enter() async -> Bool {
        guard isBusy else {
            isBusy = true
            return true
        }
        guard waiting.count < Self.waitingMax else { return false }
        await withCheckedContinuation { waiting.append($0) }
        return true
    }

    func leave() {
        if waiting.isEmpty {
            isBusy = false
        } else {
            waiting.removeFirst().resume()
        }
    }
}
