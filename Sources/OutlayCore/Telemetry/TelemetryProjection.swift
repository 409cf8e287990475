/// Turns what was observed into the calls that count: a pure function of the set, whatever the order of arrival.
///
/// Several reports of one call make one call, told by the most believed of them. Sums over calls count only where no
/// call below them was reported. Steps lend their tags to what is below. A report that its emitter's better signal may
/// still explain waits; see ``ProjectedCall/isWeak``.
package struct TelemetryProjection {
    private let tree: TraceTree
    private let merge: CallMerge
    /// What is told of nothing else has no tree to stand in.
    private let only: Observation?

    package init(of observations: [Observation]) {
        only = observations.count == 1 ? observations.first : nil
        tree = TraceTree(only == nil ? observations : [])
        merge = CallMerge(tree)
    }

    /// The calls, in a fixed order.
    ///
    /// - Parameter isTool: whether calls of a tool of that name cost something.
    package func calls(isTool: (String) -> Bool = { _ in false }) -> [ProjectedCall] {
        if let only { return Self.calls(ofOnly: only, isTool: isTool) }
        let calls = merge.calls.map(call)
        let sums = uncoveredSums().map { index in call([index], isSum: true) }
        let tools = tree.observations.indices.filter { index in
            tree.observations[index].tool.map(isTool) ?? false
        }
        return calls + sums + tools.map { call([$0]) }
    }

    private static func calls(ofOnly observation: Observation, isTool: (String) -> Bool) -> [ProjectedCall] {
        let place = observation.signal == .span ? observation.place : nil
        func call(isSum: Bool) -> ProjectedCall {
            ProjectedCall(members: [observation], ancestors: [], isSum: isSum, places: place.map { [$0] } ?? [])
        }
        let isSum = observation.level == .aggregate && observation.hasUsage
        let isCharged = observation.tool.map(isTool) ?? false
        let calls = isSum || observation.level == .call ? [call(isSum: isSum)] : []
        return isCharged ? calls + [call(isSum: false)] : calls
    }

    private func call(_ members: [Int]) -> ProjectedCall {
        call(members, isSum: false)
    }

    private func call(_ members: [Int], isSum: Bool) -> ProjectedCall {
        let ranked = members.map { tree.observations[$0] }.enumerated().sorted { left, right in
            Self.isMoreBelieved(left.element, right.element)
        }
        var above: [Int] = []
        for (offset, _) in ranked {
            for ancestor in tree.ancestors(of: members[offset]) where !above.contains(ancestor) {
                if !members.contains(ancestor) { above.append(ancestor) }
            }
        }
        return ProjectedCall(
            members: ranked.map(\.element),
            ancestors: above.map { tree.observations[$0] },
            isSum: isSum,
            places: places(of: members)
        )
    }

    /// The spans of the members, and the steps right below them: what an HTTP client adds.
    private func places(of members: [Int]) -> [TracePlace] {
        (members + members.flatMap { tree.steps(below: $0) }).compactMap { index in
            tree.observations[index].signal == .span ? tree.observations[index].place : nil
        }
    }

    /// Usage beats none, then authority decides, then the identity, so that the answer is one.
    private static func isMoreBelieved(_ left: Observation, _ right: Observation) -> Bool {
        if left.hasUsage != right.hasUsage { return left.hasUsage }
        if left.authority != right.authority { return left.authority > right.authority }
        return left.identity < right.identity
    }

    /// Sums with usage that have neither a call nor another such sum below them.
    private func uncoveredSums() -> [Int] {
        let sums = tree.observations.indices.filter { isSum($0) && tree.observations[$0].hasUsage }
        guard !sums.isEmpty else { return [] }
        var covered: Set<Int> = []
        for call in merge.calls {
            for index in call { cover(from: index, sums, &covered) }
        }
        covered.formUnion(sums.filter(hasCallsBeside))
        for index in sums { covered.formUnion(tree.ancestors(of: index)) }
        return sums.filter { !covered.contains($0) }
    }

    /// Whether a sum that stands in its parent's place has calls below that.
    private func hasCallsBeside(_ sum: Int) -> Bool {
        guard let place = tree.observations[sum].place, place.isOfParent else { return false }
        return merge.calls.joined().contains { index in
            guard let own = tree.observations[index].place, own.trace == place.trace else { return false }
            return own.parent == place.span
                || tree.ancestors(of: index).contains { tree.observations[$0].place?.span == place.span }
        }
    }

    private func isSum(_ index: Int) -> Bool {
        tree.observations[index].level == .aggregate || merge.sums.contains(index)
    }

    /// Marks what stands above; where a link of the chain is missing, what surrounds it in the same trace.
    private func cover(from index: Int, _ sums: [Int], _ covered: inout Set<Int>) {
        let above = tree.ancestors(of: index)
        covered.formUnion(above)
        guard tree.isCutOff(index, below: above) else { return }
        let call = tree.observations[index]
        for sum in sums where tree.observations[sum].surrounds(call) { covered.insert(sum) }
    }
}

extension Observation {
    /// Whether it says how much was consumed.
    var hasUsage: Bool {
        metering.quality == .exact || metering.quality == .estimated || (isCacheHit && !metering.parts.isEmpty)
    }

    /// Whether `other` happened in its time and trace; clocks of one trace differ by a second at most.
    fileprivate func surrounds(_ other: Observation) -> Bool {
        guard let place, place.trace == other.place?.trace else { return false }
        return start.advanced(bySeconds: -1) <= other.start && other.end <= end.advanced(bySeconds: 1)
    }
}
