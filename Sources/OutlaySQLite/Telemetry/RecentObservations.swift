import OutlayCore

/// Where the observations are that the indexes do not hold yet, by their groups and their names.
///
/// Valid only while every transaction since it was read has been committed.
struct RecentObservations: Sendable {
    struct Place: Hashable, Sendable {
        let identity: UInt128
        let id: Int64
    }

    private var places = Buckets<UInt128, Place>()
    private var groups = Buckets<UInt128, UInt128>()
    /// The last observation that the indexes hold.
    let indexed: Int64
    /// The last observation there was.
    private(set) var last: Int64
    private(set) var count = 0

    init(after indexed: Int64) {
        self.indexed = indexed
        last = indexed
    }

    mutating func add(_ id: Int64, _ identity: UInt128, in group: UInt128, names: [UInt128]) {
        places.add(Place(identity: identity, id: id), under: group)
        for name in names { groups.add(group, under: name) }
        last = max(last, id)
        count += 1
    }

    func places(in group: UInt128) -> [Place] { places[group] }

    func groups(named name: UInt128) -> [UInt128] { groups[name] }

    func hasObservations(in group: UInt128) -> Bool { places.has(group) }

    func isTold(_ name: UInt128) -> Bool { groups.has(name) }

    /// By group, then by identity.
    var sortedPlaces: [(group: UInt128, place: Place)] {
        places.sorted { $0.identity < $1.identity }.map { ($0.key, $0.value) }
    }

    /// By name, then by group.
    var sortedNames: [(name: UInt128, group: UInt128)] {
        groups.sorted(by: <).map { ($0.key, $0.value) }
    }
}
