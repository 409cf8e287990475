/// What to change in a configuration file so that a budget gets what was approved.
struct BudgetPatch {
    private let budget: Budget
    private let increase: ApprovalRequest.Increase
    private let request: String
    private let by: Principal

    init(_ budget: Budget, _ increase: ApprovalRequest.Increase, request: String, by principal: Principal) {
        self.budget = budget
        self.increase = increase
        self.request = request
        by = principal
    }

    /// YAML, with the place it belongs to in a comment.
    var text: String {
        let raised = BudgetLimit(budget.limit.unit, budget.limit.amount + increase.amount.amount)
        let place: String
        if case .file(let file, let line) = budget.origin { place = "\(file):\(line)" } else { place = budget.name }
        return """
            # \(place): \(request), approved by \(by); back to \(budget.limit) at \(increase.until)
            budgets:
              - name: \(Self.quoted(budget.name))
                limit: \(raised)

            """
    }

    /// A YAML text that is none of YAML's other words, in double quotes where needed.
    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
            default: false
            }
        }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        guard !isPlain || words.contains(name.lowercased()) || name.hasPrefix("-") else { return name }
        var text = "\""
        for character in name {
            if character == "\"" || character == "\\" { text += "\\" }
            text.append(character)
        }
        return text + "\""
    }
}
