import GRDB
import OutlayCore

extension LedgerError {
    /// What went wrong in SQLite, in the words of the ledger.
    init(_ error: any Error) {
        switch error {
        case let error as LedgerError:
            self = error
        case let error as SchemaError:
            self = .unavailable(reason: error.reason)
        case let error as CodecError:
            self = .unavailable(reason: "a stored sum cannot be read: \(error.reason); run `outlay verify`")
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            self = .unavailable(reason: "the disk is full; free some space and the ledger goes on by itself")
        case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB:
            self = .unavailable(reason: "the ledger file is not a database; restore a backup with `outlay restore`")
        case let error as DatabaseError:
            let code = error.extendedResultCode.rawValue
            self = .unavailable(reason: "SQLite error \(code): \(error.message ?? "no message")")
        default:
            self = .unavailable(reason: "\(error)")
        }
    }
}

extension DatabaseError {
    /// Whether what is on the disk can no longer be told, so that nothing may be acknowledged any more.
    ///
    /// A full disk is none of these: SQLite rolls the transaction back and the next one may succeed.
    var endsWriting: Bool {
        switch resultCode {
        case .SQLITE_IOERR: extendedResultCode != .SQLITE_IOERR_SHMSIZE
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_READONLY, .SQLITE_CANTOPEN: true
        default: false
        }
    }
}
