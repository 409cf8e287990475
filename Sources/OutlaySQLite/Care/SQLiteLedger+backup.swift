#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import GRDB
package import OutlayCore

extension SQLiteLedger {
    /// Writes a complete copy of the ledger, as of now, to a new file while it goes on being used.
    ///
    /// Fails when `file` exists or cannot be written; no file is left behind then.
    package func backup(to file: String) async throws(LedgerError) {
        let source = path
        do {
            guard unsafe access(file, F_OK) != 0 else { throw SchemaError("\(file) exists; choose another name") }
            try await read { _ in try Self.copy(source, to: file) }
        } catch {
            throw LedgerError(error)
        }
    }

    /// Puts a backup in place of the ledger at `path`, after reading all of it.
    ///
    /// An existing ledger is moved to `kept`; without that name it is left alone and the restore refused.
    ///
    /// - Returns: what `verify` found in the backup.
    /// - Throws: when the backup is damaged, newer than this program, or the ledger is in use; nothing changed then.
    package static func restore(
        from backup: String,
        to path: String,
        keepingOldAt kept: String? = nil
    ) async throws(LedgerError) -> Verification {
        let lock = try LockFile(path: path + ".lock")
        defer { withExtendedLifetime(lock) {} }
        do {
            guard unsafe access(backup, R_OK) == 0 else { throw SchemaError("the backup \(backup) cannot be read") }
            let exists = unsafe access(path, F_OK) == 0
            guard kept != nil || !exists else {
                throw SchemaError("there is a ledger at \(path) already; move it away first")
            }
            let copy = path + ".restoring"
            unsafe unlink(copy)
            try Self.copy(backup, to: copy)
            let verification = try audited(copy)
            if exists, let kept { try moveAway(path, to: kept) }
            try move(copy, to: path)
            try synchronizeFolder(of: path)
            return verification
        } catch {
            throw LedgerError(error)
        }
    }

    /// Moves a database that nobody has open, with the write-ahead log a crash may have left beside it.
    ///
    /// A log must never stay behind: SQLite would replay it over the next database of that name.
    private static func moveAway(_ path: String, to kept: String) throws {
        guard unsafe access(kept, F_OK) != 0 else { throw SchemaError("\(kept) exists; choose another name") }
        try? DatabaseQueue(path: path).writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        if unsafe access(path + "-wal", F_OK) == 0 { try move(path + "-wal", to: kept + "-wal") }
        unsafe unlink(path + "-shm")
        try move(path, to: kept)
    }

    private static func move(_ file: String, to target: String) throws {
        guard unsafe rename(file, target) == 0 else {
            throw SchemaError("\(file) cannot be moved to \(target): \(LockFile.reason(errno))")
        }
    }

    private static func audited(_ copy: String) throws -> Verification {
        let verification = try readOnly(copy).read { db in
            var audit = LedgerAudit(db, anchors: [])
            return try audit.run()
        }
        if let first = verification.differences.first {
            unsafe unlink(copy)
            throw SchemaError("the backup does not add up, so nothing was restored: \(first)")
        }
        return verification
    }

    private static func readOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Copies a database through SQLite, so that a write-ahead log is included, and brings it to the disk.
    private static func copy(_ source: String, to file: String) throws {
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SchemaError("\(file) cannot be written: \(LockFile.reason(errno))") }
        defer { close(descriptor) }
        do {
            try readOnly(source).inDatabase { db in
                try Schema.check(db)
                let vacuum = try db.makeStatement(sql: "VACUUM INTO ?")
                vacuum.bind(file, at: 1)
                try vacuum.run()
            }
            guard fsync(descriptor) == 0 else { throw SchemaError("\(file) cannot be flushed to the disk") }
            try synchronizeFolder(of: file)
        } catch {
            unsafe unlink(file)
            throw error
        }
    }

    private static func synchronizeFolder(of file: String) throws {
        let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        let descriptor = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SchemaError("the folder of \(file) cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SchemaError("the folder of \(file) cannot be flushed to the disk") }
    }
}
