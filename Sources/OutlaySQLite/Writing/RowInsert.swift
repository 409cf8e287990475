import GRDB

/// Inserts rows of one table, sixteen in one statement where there are as many.
///
/// SQLite opens a table and its indexes once per statement and goes on where it wrote last, so many rows in one
/// statement cost far less than a statement each.
struct RowInsert {
    /// The texts of both statements, made once per table.
    struct SQL {
        fileprivate let one: String
        fileprivate let many: String
        fileprivate let columnCount: Int32

        /// - Parameter verb: by default an error leaves the statement's rows before it, as the transaction ends anyway;
        ///   SQLite would else copy every page it changes to a file, to take these rows back alone.
        init(_ verb: String = "INSERT OR FAIL", into table: String, _ columns: [String]) {
            let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
            let start = "\(verb) INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
            one = start + row
            many = start + repeatElement(row, count: RowInsert.rowsMax).joined(separator: ", ")
            columnCount = Int32(clamping: columns.count)
        }
    }

    static let rowsMax = 16

    private let one: Statement
    private let many: Statement
    private let columnCount: Int32

    init(_ db: Database, _ sql: SQL) throws {
        one = try db.cachedStatement(sql: sql.one)
        many = try db.cachedStatement(sql: sql.many)
        columnCount = sql.columnCount
    }

    /// Writes all rows in their order.
    ///
    /// - Parameter bind: binds one row's values, the first of them at the index it is given.
    func run<Row>(_ rows: ArraySlice<Row>, bind: (Statement, Row, Int32) throws -> Void) throws {
        var rest = rows
        while rest.count >= Self.rowsMax {
            var index: Int32 = 1
            for row in rest.prefix(Self.rowsMax) {
                try bind(many, row, index)
                index &+= columnCount
            }
            try many.run()
            rest = rest.dropFirst(Self.rowsMax)
        }
        for row in rest {
            try bind(one, row, 1)
            try one.run()
        }
    }

    func run<Row>(_ rows: [Row], bind: (Statement, Row, Int32) throws -> Void) throws {
        try run(rows[...], bind: bind)
    }
}
