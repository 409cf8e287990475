import GRDB

/// SQL from the source's closed lists, with every outside value bound.
struct SQLText {
    enum Argument: Hashable {
        case integer(Int64)
        case text(String)
    }

    private(set) var sql: String
    private(set) var arguments: [Argument]

    init(_ sql: String, _ arguments: [Argument] = []) {
        self.sql = sql
        self.arguments = arguments
    }

    /// Names the blocks of 2 to the `bits` rows of a table as `block`, to search an index that is divided by them.
    static func blocks(of table: String, by number: String, bits: Int) -> String {
        """
        WITH RECURSIVE block (number, last) AS (
            SELECT MIN(\(number)) >> \(bits), MAX(\(number)) >> \(bits) FROM \(table)
            UNION ALL SELECT number + 1, last FROM block WHERE number < last
        )

        """
    }

    func then(_ next: SQLText) -> SQLText {
        SQLText(sql + next.sql, arguments + next.arguments)
    }

    func then(_ next: String) -> SQLText {
        SQLText(sql + next, arguments)
    }

    static func joined(_ parts: [SQLText], by separator: String) -> SQLText {
        SQLText(parts.map(\.sql).joined(separator: separator), parts.flatMap(\.arguments))
    }

    /// A statement with everything bound.
    func statement(in db: Database) throws -> Statement {
        let statement = try db.makeStatement(sql: sql)
        for (index, argument) in arguments.enumerated() {
            switch argument {
            case .integer(let value): statement.bind(value, at: Int32(index + 1))
            case .text(let value): statement.bind(value, at: Int32(index + 1))
            }
        }
        return statement
    }
}
