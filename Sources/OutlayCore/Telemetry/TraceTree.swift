/// The observations of one working set, and which stands below which.
struct TraceTree {
    private struct SpanKey: Hashable {
        let trace: UInt128
        let span: UInt64
    }

    /// By identity, so that every answer is the same whatever the order of arrival.
    let observations: [Observation]
    private var spans: [SpanKey: Int] = [:]
    private var children: [Int: [Int]] = [:]

    /// Deeper traces are cut off here: nobody's agents are, and a made-up circle must end.
    private static let depthMax = 256

    init(_ observations: [Observation]) {
        self.observations = observations.sorted { $0.identity < $1.identity }
        for (index, observation) in self.observations.enumerated() where observation.signal == .span {
            guard let place = observation.place, !place.isOfParent else { continue }
            spans[SpanKey(trace: place.trace, span: place.span)] = index
        }
        for (index, observation) in self.observations.enumerated() where observation.level == .step {
            if let above = parent(of: observation), above != index { children[above, default: []].append(index) }
        }
    }

    /// The steps one and two levels below.
    func steps(below index: Int) -> [Int] {
        let near = children[index] ?? []
        return near + near.flatMap { children[$0] ?? [] }
    }

    /// The spans above, the nearest first; a log's first is the span it was written in.
    func ancestors(of index: Int) -> [Int] {
        var ancestors: [Int] = []
        var next = parent(of: observations[index])
        while let above = next, ancestors.count < Self.depthMax, above != index, !ancestors.contains(above) {
            ancestors.append(above)
            next = parent(of: observations[above])
        }
        return ancestors
    }

    /// Whether a span above is named that nobody has reported (yet).
    func isCutOff(_ index: Int, below ancestors: [Int]) -> Bool {
        let top = observations[ancestors.last ?? index]
        guard let place = top.place else { return false }
        let named = top.signal == .span ? place.parent : place.span
        guard let named else { return false }
        return spans[SpanKey(trace: place.trace, span: named)] == nil
    }

    private func parent(of observation: Observation) -> Int? {
        guard let place = observation.place else { return nil }
        guard let span = observation.signal == .span ? place.parent : place.span else { return nil }
        return spans[SpanKey(trace: place.trace, span: span)]
    }
}
