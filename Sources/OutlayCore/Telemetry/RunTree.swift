/// What one run cost, as a tree: agents above sub-agents above calls and tools.
package struct RunTree: Hashable, Sendable {
    package struct Node: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            /// A step of the run, such as an agent or a workflow.
            case step
            case call
            case tool
        }

        package var kind: Kind
        /// The span's name, the model or the tool.
        package var title: String
        package var start: Timestamp
        /// The event that says what it cost; `nil` for steps.
        package var event: CostEvent?
        package var children: [Node] = []

        /// What it and everything below it cost together.
        package var cost: Money {
            children.reduce(event.flatMap { $0.isNotional ? nil : $0.rating.total } ?? .zero) { $0 + $1.cost }
        }

        /// How many calls it and everything below it made.
        package var calls: Int64 {
            children.reduce(event?.callCount ?? 0) { $0 + $1.calls }
        }
    }

    package var run: String
    package var roots: [Node]

    package var cost: Money { roots.reduce(.zero) { $0 + $1.cost } }
    package var calls: Int64 { roots.reduce(0) { $0 + $1.calls } }

    /// Hangs the events of a run below the spans that are known of it.
    ///
    /// - Parameters:
    ///   - events: everything that stands with the run's tag; the tree's total is their sum, whatever spans are known.
    ///   - spans: observations of the run's trace; those below which nothing was spent are left out.
    package init(run: String, events: [CostEvent], spans: [Observation]) {
        self.run = run
        var tree = Growing(spans: spans)
        for event in events.sorted(by: { ($0.at, $0.id.id) < ($1.at, $1.id.id) }) { tree.hang(event) }
        roots = tree.roots()
    }
}

/// The tree while events are hung into it.
private struct Growing {
    private let spans: [String: Observation]
    private var events: [String?: [CostEvent]] = [:]

    /// A span is known by the 16 digits of its id.
    init(spans: [Observation]) {
        self.spans = Dictionary(
            spans.compactMap { span in
                guard span.signal == .span, let place = span.place else { return nil }
                return (place.span.hexadecimal(digits: 16), span)
            }
        ) { first, _ in first }
    }

    /// Below the nearest span above that is a step: calls do not stand below the reports of themselves.
    mutating func hang(_ event: CostEvent) {
        var span = event.links.spanID.flatMap { spans[$0] == nil ? nil : $0 }
        for _ in 0..<256 {
            guard let above = span, let observation = spans[above] else { break }
            let isOwn = observation.tool != nil && event.service.provider == ServiceUse.toolProvider
            if observation.level != .call, !isOwn { break }
            span = observation.place?.parent?.hexadecimal(digits: 16)
        }
        events[span, default: []].append(event)
    }

    func roots() -> [RunTree.Node] {
        var below: [String?: [String]] = [:]
        for (id, span) in spans where span.level != .call {
            below[stepAbove(span), default: []].append(id)
        }
        return nodes(below: nil, in: below, depth: 0)
    }

    private func stepAbove(_ span: Observation) -> String? {
        var parent = span.place?.parent
        for _ in 0..<256 {
            guard let id = parent?.hexadecimal(digits: 16), let above = spans[id] else { return nil }
            if above.level != .call { return id }
            parent = above.place?.parent
        }
        return nil
    }

    private func nodes(below id: String?, in steps: [String?: [String]], depth: Int) -> [RunTree.Node] {
        guard depth < 256 else { return [] }
        let spent = (events[id] ?? []).map { event in
            let isTool = event.service.provider == ServiceUse.toolProvider
            return RunTree.Node(
                kind: isTool ? .tool : .call,
                title: event.service.model ?? event.service.requestedModel ?? event.service.api,
                start: event.at,
                event: event
            )
        }
        let inner = (steps[id] ?? []).compactMap { step -> RunTree.Node? in
            let children = nodes(below: step, in: steps, depth: depth + 1)
            guard !children.isEmpty, let span = spans[step] else { return nil }
            return RunTree.Node(
                kind: .step,
                title: span.title,
                start: span.start,
                event: nil,
                children: children
            )
        }
        return (spent + inner).sorted { ($0.start, $0.title) < ($1.start, $1.title) }
    }
}
