/// Finds the name somebody probably meant.
package enum Suggestion {
    /// The nearest of `names`, if it is near enough to be a slip of the fingers.
    package static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let typed = Array(word.lowercased().utf8.prefix(lengthMax))
        let allowed = max(1, min(3, typed.count / 3))
        var best: (name: String, distance: Int)?
        for name in names {
            let letters = Array(name.lowercased().utf8.prefix(lengthMax))
            guard abs(letters.count - typed.count) <= allowed else { continue }
            let distance = distance(typed, letters)
            if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// `; did you mean 'x'?`, or else `; otherwise`.
    package static func ending(for word: String, among names: [String], otherwise: @autoclosure () -> String) -> String
    {
        nearest(to: word, among: names).map { "; did you mean '\($0)'?" } ?? "; \(otherwise())"
    }

    /// `a, b or c`.
    package static func listing(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }

    private static let lengthMax = 64

    /// How many letters are added, left out, changed or swapped with their neighbour (optimal string alignment).
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...second.count)
        for (row, letter) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                var cost = min(
                    previous[column + 1] + 1,
                    current[column] + 1,
                    previous[column] + (letter == other ? 0 : 1)
                )
                let isSwap = row > 0 && column > 0 && letter == second[column - 1] && first[row - 1] == other
                if isSwap { cost = min(cost, before[column - 1] + 1) }
                current.append(cost)
            }
            (before, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
