internal import Hummingbird
internal import OutlayCore
internal import OutlayWire

/// What a request asks of spend: `by`, `from`, `to`, `grain`, `where`, `zone` and `top`.
struct SpendQuestion {
    /// Rows of an answer that asks for no number of its own, and the most that can be asked for.
    static let rowsUsual = 10_000
    static let rowsMax = 100_000

    let query: SpendQuery
    let span: Range<Timestamp>
    /// The zone's name, as it was asked for.
    let zone: String
    let grain: Grain?
    /// How many rows the answer names.
    let top: Int

    /// - Parameter by: the dimensions where the request names none.
    init(_ request: Request, by standard: String, operations: any Operations) throws {
        let parameters = request.uri.queryParameters
        let by = try Self.dimensions(parameters["by"].map(String.init) ?? standard)
        zone = parameters["zone"].map(String.init) ?? "UTC"
        guard let civil = operations.zone(zone) else {
            throw APIError(.invalidRequest, "There is no time zone '\(zone)': use an IANA name, Europe/Berlin.")
        }
        span = try TimeText.span(
            from: parameters["from"].map(String.init),
            to: parameters["to"].map(String.init),
            in: civil,
            now: operations.now()
        )
        grain = try Self.grain(parameters["grain"].map(String.init))
        top = try Self.top(parameters["top"].map(String.init))
        query = SpendQuery(
            by: by,
            filters: try Self.filters(parameters.getAll("where").map { String($0) }),
            buckets: try Self.buckets(span, grain: grain, zone: civil)
        )
    }

    private static func dimensions(_ text: String) throws(APIError) -> [Dimension] {
        var dimensions: [Dimension] = []
        for name in text.split(separator: ",") {
            guard let dimension = Dimension(name) else {
                throw APIError(.invalidRequest, "'\(name)' is no dimension: use team, project, model, customer …")
            }
            guard !dimensions.contains(dimension) else {
                throw APIError(.invalidRequest, "'\(name)' is asked for twice.")
            }
            dimensions.append(dimension)
        }
        guard dimensions.count <= 8 else {
            throw APIError(.invalidRequest, "At most 8 dimensions can be grouped by at once.")
        }
        return dimensions
    }

    /// `team=x`; an empty value matches calls without the tag; the same key twice means either.
    private static func filters(_ texts: [String]) throws(APIError) -> [SpendQuery.Filter] {
        var values: [(dimension: Dimension, values: [String?])] = []
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let dimension = Dimension(parts[0]) else {
                throw APIError(.invalidRequest, "'\(text)' is no condition: write --where team=growth.")
            }
            let value = parts[1].isEmpty ? nil : String(parts[1]).composed
            if let index = values.firstIndex(where: { $0.dimension == dimension }) {
                values[index].values.append(value)
            } else {
                values.append((dimension, [value]))
            }
        }
        return values.map { SpendQuery.Filter($0.dimension, $0.values) }
    }

    private static func top(_ text: String?) throws(APIError) -> Int {
        guard let text else { return rowsUsual }
        guard let top = Int(text), (1...rowsMax).contains(top) else {
            throw APIError(.invalidRequest, "'\(text)' is no number of rows from 1 to \(rowsMax): narrow with --where.")
        }
        return top
    }

    private static func grain(_ text: String?) throws(APIError) -> Grain? {
        guard let text else { return nil }
        guard let grain = Grain(rawValue: text) else {
            throw APIError(.invalidRequest, "'\(text)' is no grain: use hour, day, week or month.")
        }
        return grain
    }

    private static func buckets(
        _ span: Range<Timestamp>,
        grain: Grain?,
        zone: some Zone
    ) throws(APIError) -> [Range<Timestamp>] {
        guard let grain else { return [span] }
        guard let buckets = grain.buckets(of: span, in: zone) else {
            throw APIError(.invalidRequest, "That is more than 20,000 rows of time: take a coarser grain or less time.")
        }
        return buckets
    }
}
