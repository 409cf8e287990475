/// The tags a workspace must have before it may exist.
package enum RequiredTags {
    /// A tag that a workspace lacks, and who asks for it.
    package struct Missing: Hashable, Sendable {
        package var dimension: Dimension
        /// The name of the policy; `nil` where the workspace itself says so.
        package var policy: String?
        /// How strictly it is asked for.
        package var enforcement: Policy.Enforcement
    }

    /// What `workspace` lacks by its own requirements and by the policies about workspaces.
    ///
    /// A `require` of a policy whose scope names workspaces and nothing else speaks of the workspaces themselves:
    /// they hand their tags to every call. Dimensions without a natural bound (`run`, `task`, `user`) differ from call
    /// to call and are asked of calls only.
    package static func missing(from workspace: Workspace, policies: [Policy]) -> [Missing] {
        var missing: [Missing] = []
        func demand(_ dimensions: [Dimension], _ policy: Policy?) {
            for dimension in dimensions where !(workspace.tags[dimension]?.isEmpty == false) {
                guard !missing.contains(where: { $0.dimension == dimension }) else { continue }
                missing.append(
                    Missing(dimension: dimension, policy: policy?.name, enforcement: policy?.enforcement ?? .hard)
                )
            }
        }
        demand(workspace.requires, nil)
        // The stricter ones first, because the first that asks for a tag is named. What is tried out asks for nothing.
        let strict = policies.filter { $0.enforcement == .hard } + policies.filter { $0.enforcement == .warn }
        for policy in strict where policy.speaks(of: workspace) {
            for rule in policy.rules where rule.effect == .deny {
                guard case .require(let dimensions) = rule.test else { continue }
                demand(dimensions.filter { !Dimension.unbounded.contains($0) }, policy)
            }
        }
        return missing
    }
}

extension Policy {
    fileprivate func speaks(of workspace: Workspace) -> Bool {
        guard let condition = scope.conditions.first, scope.conditions.count == 1 else { return false }
        return condition.dimension == .workspace && condition.holds(for: workspace.name)
    }
}
