/// Which reports are about the same call.
///
/// Two are when they share a name, when one is the log of the other's span, or when one call-level span stands below
/// another with nothing else below it: an SDK's span under a framework's. A call-level span above *several* calls is a
/// sum over them, whatever it calls itself.
struct CallMerge {
    /// The members of each call as positions in the tree, both ascending.
    private(set) var calls: [[Int]] = []
    /// Positions of what only sums up calls that were reported one by one.
    private(set) var sums: Set<Int> = []

    init(_ tree: TraceTree) {
        let members = tree.observations.indices.filter { tree.observations[$0].level == .call }
        var groups = DisjointSets(count: tree.observations.count)
        Self.uniteNamed(members, in: tree, &groups)
        let nearest = members.reduce(into: [Int: Int]()) { nearest, index in
            nearest[index] = tree.ancestors(of: index).first { tree.observations[$0].level == .call }
        }
        var below: [Int: Set<Int>] = [:]
        for (index, above) in nearest { below[above, default: []].insert(groups.root(of: index)) }
        for (above, roots) in below where roots.subtracting([groups.root(of: above)]).count > 1 { sums.insert(above) }
        for (index, above) in nearest.sorted(by: { $0.key < $1.key }) where !sums.contains(above) {
            groups.unite(index, above)
        }
        calls = Dictionary(grouping: members.filter { !sums.contains($0) }) { groups.root(of: $0) }
            .values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }

    private static func uniteNamed(_ members: [Int], in tree: TraceTree, _ groups: inout DisjointSets) {
        var owners: [String: Int] = [:]
        for index in members {
            for name in tree.observations[index].names {
                if let owner = owners[name] { groups.unite(owner, index) } else { owners[name] = index }
            }
        }
    }
}

/// Sets that only ever grow together.
private struct DisjointSets {
    private var parents: [Int]

    init(count: Int) {
        parents = Array(0..<count)
    }

    mutating func root(of index: Int) -> Int {
        var root = index
        while parents[root] != root { root = parents[root] }
        parents[index] = root
        return root
    }

    mutating func unite(_ left: Int, _ right: Int) {
        let (first, second) = (root(of: left), root(of: right))
        parents[max(first, second)] = min(first, second)
    }
}
