package import OutlayCore

/// What kind of file is imported, and how its rows become records.
package enum ImportFormat: Hashable, Sendable {
    /// Any table; columns are known by their usual names and by this map.
    case table([String: String])
    /// Records as the API takes them.
    case records
    case liteLLM
    /// Rows of these charge categories are booked, the others counted.
    case focus(categories: Set<String>)

    /// Who numbers the records: `import:litellm`.
    package var source: String {
        switch self {
        case .table: "import:csv"
        case .records: "import:jsonl"
        case .liteLLM: "import:litellm"
        case .focus: "import:focus"
        }
    }

    package func imported(_ row: ImportRow) -> ImportedRow {
        switch self {
        case .table(let map): TableColumns(map).imported(row)
        case .records: .record(.object(row.members))
        case .liteLLM: LiteLLMRow.imported(row)
        case .focus(let categories): FOCUSRow.imported(row, categories: categories)
        }
    }

    /// Columns of `header` that nothing is read from.
    package func unread(_ header: [String]) -> [String] {
        guard case .table(let map) = self else { return [] }
        let columns = TableColumns(map)
        return header.filter { columns.field(of: $0) == nil }
    }
}

/// Gives the rows of a file their names and the tags they all get, and finds those that cannot be booked.
package struct ImportDesk: Sendable {
    /// A record that can be sent, or why its row is not.
    package enum Outcome: Hashable, Sendable {
        case ready([UInt8])
        case skipped(reason: String, amount: Money?)
        case unreadable([String])
    }

    private let format: ImportFormat
    private let tags: [(name: String, value: String)]
    /// How often a row of that content came before: equal rows are several, and keep their order.
    private var seen: [UInt128: Int] = [:]

    /// - Parameter tags: for records that do not say them themselves.
    package init(_ format: ImportFormat, tags: [(name: String, value: String)] = []) {
        self.format = format
        self.tags = tags
    }

    package mutating func outcome(of row: ImportRow) -> Outcome {
        switch format.imported(row) {
        case .skipped(let reason, let amount): return .skipped(reason: reason, amount: amount)
        case .record(let record):
            let bytes = named(tagged(record), after: row).bytes
            do {
                let batch = try ReportedEvent.Batch(bytes, countMax: 1)
                return batch.problems.isEmpty ? .ready(bytes) : .unreadable(batch.problems.map(\.message))
            } catch {
                return .unreadable(["\(error)"])
            }
        }
    }

    private func tagged(_ record: JSONValue) -> JSONValue {
        guard !tags.isEmpty, var members = record.members else { return record }
        var own = record["tags"]?.members ?? []
        for tag in tags where !own.contains(where: { $0.key == tag.name }) {
            own.append(JSONValue.Member(tag.name, .string(tag.value)))
        }
        members.removeAll { $0.key == "tags" }
        return .object(members + [JSONValue.Member("tags", .object(own))])
    }

    /// A row without a name of its own is called after what it says and which of its like it is.
    private mutating func named(_ record: JSONValue, after row: ImportRow) -> JSONValue {
        guard record["id"]?.plainText == nil, var members = record.members else { return record }
        let content = row.fingerprint
        let number = seen[content, default: 0]
        seen[content] = number + 1
        members.removeAll { $0.key == "id" }
        let name = "row-\(content.hexadecimal(digits: 32))-\(number)"
        return .object([JSONValue.Member("id", .string(name))] + members)
    }
}
