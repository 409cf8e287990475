internal import OutlayCore
package import OutlayWire

extension SpendAnswer {
    /// Names of dimensions that were probably mistyped.
    ///
    /// Own dimensions may have any name, so a slip of the fingers is answered like a dimension that no call carries,
    /// and only said beside it.
    ///
    /// - Parameter conditions: what `--where` was given, as `team=growth`.
    package func slips(where conditions: [String]) -> [String] {
        let grouped = by.filter { name in rows.allSatisfy { $0.key[name].flatMap { $0 } == nil } }
        let asked = conditions.map { String($0.prefix { $0 != "=" }) }
        let names = rows.isEmpty ? asked : grouped
        let known = (Dimension.claimable + Dimension.intrinsic).map(\.name).sorted()
        return names.filter { !known.contains($0) && $0 != "start" }.compactMap { name in
            Suggestion.nearest(to: name, among: known).map { "no call carries '\(name)'; did you mean '\($0)'?" }
        }
    }
}
