import Foundation
import GRDB
import OutlayCore
import OutlayTestKit

@testable import OutlaySQLite

/// Opens a ledger in a folder of its own, calls `body` with it and removes the folder.
@discardableResult
func withLedger<Value>(
    tags: TagSettings = TagSettings(),
    eventsWaitingMax: Int = 8192,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (SQLiteLedger) async throws -> Value
) async throws -> Value {
    try await temporaryDirectory { folder in
        let path = folder.appending(path: "ledger.sqlite").path
        return try await body(SQLiteLedger(path: path, tags: tags, eventsWaitingMax: eventsWaitingMax))
    }
}

extension SQLiteLedger {
    /// Does to the database what no code of the product can: edits rows behind the triggers' back.
    func tamper(_ sql: String) async throws {
        try await pool.writeWithoutTransaction { db in
            for trigger in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try db.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try db.execute(sql: sql)
        }
    }

    /// Changes the sums of the first tile of `grain`.
    func tamper(_ grain: TileGrain, _ change: @escaping @Sendable (inout ColumnSums) -> Void) async throws {
        try await foldRuns()
        try await pool.write { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: "SELECT id, sums FROM tile WHERE id >> 60 = ? ORDER BY id LIMIT 1",
                    arguments: [grain.rawValue]
                )
            else { throw SchemaError("there is no tile to change") }
            let id: Int64 = row["id"]
            let sums: Data = row["sums"]
            var tiles: [TileSums.Tile] = []
            var reader = ByteReader(Array(sums))
            try reader.row(id) { tiles.append(TileSums.Tile(place: $0, sums: $1)) }
            change(&tiles[0].sums)
            var writer = ByteWriter(reservingCapacity: 0)
            writer.row(tiles)
            try db.execute(sql: "UPDATE tile SET sums = ? WHERE id = ?", arguments: [Data(writer.bytes), id])
        }
    }

    /// Makes what waits in runs part of the tiles, as the writer does from time to time.
    func foldRuns() async throws {
        try await pool.write { db in try TileRuns(db).fold() }
    }

    func count(_ sql: String) async throws -> Int {
        try await pool.read { db in try Int.fetchOne(db, sql: sql) ?? 0 }
    }
}
