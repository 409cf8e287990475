import GRDB
import GRDBSQLite

/// Prepared statements driven without boxing each value, for the rows that are written by the million.
///
/// Texts and blobs keep every byte, zero bytes included. Indexes of parameters start at 1, of columns at 0.
extension Statement {
    func bind(_ value: Int64?, at index: Int32) {
        if let value {
            unsafe sqlite3_bind_int64(sqliteStatement, index, value)
        } else {
            unsafe sqlite3_bind_null(sqliteStatement, index)
        }
    }

    func bind(_ value: String?, at index: Int32) {
        guard var value else { return bind(nil as Int64?, at: index) }
        value.withUTF8 { bytes in
            _ = unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe sqlite3_bind_text(
                    sqliteStatement,
                    index,
                    characters.baseAddress,
                    Int32(clamping: characters.count),
                    Self.copies
                )
            }
        }
    }

    func bind(_ value: [UInt8]?, at index: Int32) {
        guard let value else { return bind(nil as Int64?, at: index) }
        unsafe value.withUnsafeBytes { bytes in
            _ = unsafe sqlite3_bind_blob(
                sqliteStatement,
                index,
                bytes.baseAddress,
                Int32(clamping: bytes.count),
                Self.copies
            )
        }
    }

    /// Binds the 16 bytes of a key, the highest first.
    func bind(_ key: UInt128?, at index: Int32) {
        guard let key else { return bind(nil as Int64?, at: index) }
        var bytes = key.bigEndian
        unsafe withUnsafeBytes(of: &bytes) { bytes in
            _ = unsafe sqlite3_bind_blob(sqliteStatement, index, bytes.baseAddress, 16, Self.copies)
        }
    }

    /// Runs to the end and leaves the statement ready for the next row.
    func run() throws {
        while try step() {}
        reset()
    }

    /// - Returns: whether there is a row to read.
    func step() throws -> Bool {
        let code = unsafe sqlite3_step(sqliteStatement)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        let connection = unsafe sqlite3_db_handle(sqliteStatement)
        let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) }
        let extended = unsafe sqlite3_extended_errcode(connection)
        reset()
        throw DatabaseError(resultCode: ResultCode(rawValue: extended), message: message, sql: sql)
    }

    func reset() {
        unsafe sqlite3_reset(sqliteStatement)
    }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(sqliteStatement, column) == SQLITE_NULL
    }

    func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(sqliteStatement, column)
    }

    func text(_ column: Int32) -> String? {
        guard let start = unsafe sqlite3_column_text(sqliteStatement, column) else { return nil }
        let count = Int(unsafe sqlite3_column_bytes(sqliteStatement, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(sqliteStatement, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(sqliteStatement, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Tells SQLite to copy what is bound.
    private static var copies: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}

extension Database {
    /// How many rows the last statement changed.
    var changedRows: Int32 {
        unsafe sqlite3_changes(sqliteConnection)
    }
}
