import OutlayCore

/// Numbers of interned rows the writer has seen, so that a batch rarely asks for them.
///
/// Valid only while every transaction since has been committed. Each map is emptied when it is full.
struct WriterCache: Sendable {
    var sources: Set<String> = []
    var tagSets = BoundedMap<TagSet, Int64>()
    var services = BoundedMap<ServiceKey, Int64>()
    var series = BoundedMap<SeriesKey, Int64>()
    var carriages = BoundedMap<DayTags, TagCarriage>()
    var places = BoundedMap<SeriesPlace, PlacedSeries>()
    /// Values that rollups of a day carry.
    var carried = BoundedMap<DayTag, Bool>()
    /// How many values of a dimension a day has.
    var valueCounts = BoundedMap<DayDimension, Int>()
    /// The day on which old days' values were last forgotten.
    var forgetfulDay: Int64?
    /// How many tiles wait in runs; `nil` until it was asked.
    var tilesWaiting: Int?
    /// The events that no index holds yet; `nil` until they were asked for, and while a transaction has them.
    var events: RecentEvents?
    /// The observations that no index holds yet; `nil` until they were asked for, and while a transaction has them.
    var observations: RecentObservations?
}

/// A dictionary that forgets everything rather than grow past its bound.
struct BoundedMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private static var countMax: Int { 10_000 }
    private var values: [Key: Value] = [:]

    subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            if values.count >= Self.countMax { values.removeAll(keepingCapacity: true) }
            values[key] = newValue
        }
    }
}

/// What a call answers by itself, in the columns of `service`.
struct ServiceKey: Hashable, Sendable {
    let provider: String
    let api: String
    let upstream: String?
    let model: String?
    let region: String?
    let keyName: String?
    let workspace: String

    init(_ event: CostEvent) {
        provider = event.service.provider
        api = event.service.api
        upstream = event.service.upstream
        model = event.value(of: .model)
        region = event.service.context.region
        keyName = event.attribution.key
        workspace = event.attribution.workspace
    }

    var hash: [UInt8] {
        var writer = ByteWriter(reservingCapacity: 128)
        for part in [provider, api, upstream, model, region, keyName, workspace] { writer.text(part) }
        return Array(Hashing.hash(writer.bytes).prefix(16))
    }
}

struct SeriesKey: Hashable, Sendable {
    let tagSet: Int64
    let service: Int64
}

struct DayTags: Hashable, Sendable {
    let day: Int64
    let tags: TagSet
}

struct DayTag: Hashable, Sendable {
    let day: Int64
    let tag: Tag
}

struct DayDimension: Hashable, Sendable {
    let day: Int64
    let dimension: Dimension
}

/// What rollups of a day carry of bounded tags.
struct TagCarriage: Sendable {
    /// The interned set of what they carry.
    let reporting: Int64
    /// The dimensions they do not: the values are past the day's limit.
    let past: [Dimension]
}

/// What decides an event's series: its day, the tags that rollups may carry, and the service.
///
/// Hashed when it is made, so that finding it troubles the writer little.
struct SeriesPlace: Hashable, Sendable {
    let tags: DayTags
    let service: ServiceKey
    private let mark: Int

    init(_ event: CostEvent) {
        let day = TileGrain.day.start(of: event.at).microseconds
        tags = DayTags(day: day, tags: event.attribution.effective.filter { !$0.dimension.isUnbounded })
        service = ServiceKey(event)
        var hasher = Hasher()
        hasher.combine(tags)
        hasher.combine(service)
        mark = hasher.finalize()
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(mark)
    }
}

struct PlacedSeries: Sendable {
    let series: Int64
    /// Dimensions whose values are past the day's limit.
    let past: [Dimension]
}
