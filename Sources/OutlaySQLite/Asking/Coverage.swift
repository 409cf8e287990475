import OutlayCore

/// How a span of time is answered: by the largest tiles inside it, and by events at its ragged edges.
///
/// Days on which an asked dimension passed its cardinality limit are read from events, because the tiles of
/// those days do not carry every value. Below the last seal there are no events, so a ragged edge takes whole
/// the quarter hours that begin inside it.
struct Coverage {
    enum Source: Hashable {
        case events
        case tiles(TileGrain)
    }

    struct Span: Hashable {
        let source: Source
        let range: Range<Timestamp>
    }

    /// Events before this are gone; `nil` when none are.
    var sealedBefore: Timestamp?
    /// Starts of UTC days that must be read from events.
    var opaqueDays: Set<Timestamp> = []
    /// Whether a dimension is asked that no tile carries.
    var asksUnbounded = false

    func spans(of asked: Range<Timestamp>) -> [Span] {
        let range = asked.clamped(to: TileGrain.times)
        guard !range.isEmpty else { return [] }
        let boundary = min(max(sealedBefore ?? range.lowerBound, range.lowerBound), range.upperBound)
        return tiles(range.lowerBound..<boundary, edge: .tiles(.quarterHour)) + live(boundary..<range.upperBound)
    }

    private func live(_ range: Range<Timestamp>) -> [Span] {
        guard !range.isEmpty else { return [] }
        if asksUnbounded { return [Span(source: .events, range: range)] }
        var spans: [Span] = []
        var position = range.lowerBound
        for day in opaqueDays.sorted() {
            let opaque = (day..<TileGrain.day.end(ofTileAt: day)).clamped(to: range)
            guard !opaque.isEmpty else { continue }
            spans += tiles(position..<opaque.lowerBound, edge: .events)
            spans.append(Span(source: .events, range: opaque))
            position = opaque.upperBound
        }
        return spans + tiles(position..<range.upperBound, edge: .events)
    }

    private func tiles(_ range: Range<Timestamp>, edge: Source) -> [Span] {
        Self.cover(range, by: [.month, .day, .quarterHour], edge: edge)
    }

    private static func cover(_ range: Range<Timestamp>, by grains: ArraySlice<TileGrain>, edge: Source) -> [Span] {
        guard !range.isEmpty else { return [] }
        guard let grain = grains.first else { return [Span(source: edge, range: range)] }
        let finer = grains.dropFirst()
        let first = grain.startAtOrAfter(range.lowerBound)
        let last = grain.start(of: range.upperBound)
        guard first < last else { return cover(range, by: finer, edge: edge) }
        return cover(range.lowerBound..<first, by: finer, edge: edge)
            + [Span(source: .tiles(grain), range: first..<last)]
            + cover(last..<range.upperBound, by: finer, edge: edge)
    }
}
