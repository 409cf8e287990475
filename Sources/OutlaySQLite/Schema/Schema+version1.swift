extension Schema {
    /// Events, their sums, and what the installation keeps beside them.
    ///
    /// Amounts are picodollars, times microseconds since 1970 UTC. Sums keep an amount as `high × 2³² + low`.
    static let version1: [String] =
        identities + tags + events + tiles + retention + installation + audit + telemetry + marks

    private static let identities = [
        """
        CREATE TABLE event_identity (
            sequence INTEGER PRIMARY KEY,
            identity_hash BLOB NOT NULL UNIQUE,
            content_hash BLOB NOT NULL,
            received_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE chain (
            id INTEGER PRIMARY KEY CHECK (id = 1), head BLOB NOT NULL, events INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO chain VALUES (1, zeroblob(32), 0)",
        """
        CREATE TABLE conflict (
            identity_hash BLOB NOT NULL,
            content_hash BLOB NOT NULL,
            received_at INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (identity_hash, content_hash)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE source (name TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
    ]

    /// Sets with values that are drawn at random, such as runs, have no hash.
    ///
    /// An index of those would grow everywhere, and the writer remembers the last of them. Values are indexed in blocks
    /// of 4096 sets for the same reason.
    private static let tags = [
        "CREATE TABLE tag_set (id INTEGER PRIMARY KEY, hash BLOB) STRICT",
        "CREATE UNIQUE INDEX tag_set_hash ON tag_set (hash) WHERE hash IS NOT NULL",
        """
        CREATE TABLE tag_set_tag (
            tag_set_id INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (tag_set_id, dimension)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX tag_set_tag_value ON tag_set_tag (tag_set_id >> 12, dimension, value)",
        """
        CREATE TABLE service (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            provider TEXT NOT NULL,
            api TEXT NOT NULL,
            upstream TEXT,
            model TEXT,
            region TEXT,
            key_name TEXT,
            workspace TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            tag_set_id INTEGER NOT NULL,
            service_id INTEGER NOT NULL,
            UNIQUE (tag_set_id, service_id)
        ) STRICT
        """,
        """
        CREATE TABLE day_value (
            day INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (day, dimension, value)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE day_overflow (
            day INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            PRIMARY KEY (day, dimension)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// `names` are the event's call, response and whatever else it is looked for by, 8 bytes of a hash each.
    ///
    /// What is drawn at random, these and the sets of runs and users, is found by `event_name` and `event_rest`. They
    /// hold the events up to the last block and are written a block at a time, in their own order.
    private static let events = [
        """
        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            target_hash BLOB,
            series_id INTEGER NOT NULL,
            rest_set_id INTEGER,
            \(sumColumns),
            effective INTEGER NOT NULL,
            list INTEGER NOT NULL,
            notional INTEGER NOT NULL,
            names BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX event_at ON event (at)",
        "CREATE INDEX event_target ON event (target_hash) WHERE target_hash IS NOT NULL",
        """
        CREATE TABLE event_block (last INTEGER PRIMARY KEY, gateway_first_at INTEGER, gateway_last_at INTEGER) STRICT
        """,
        """
        CREATE TABLE event_name (
            block INTEGER NOT NULL,
            name INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (block, name, sequence)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE event_rest (
            rest_set_id INTEGER NOT NULL,
            at INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (rest_set_id, at, sequence)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE event_body (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
        """
        CREATE TABLE event_usage (
            sequence INTEGER NOT NULL,
            unit TEXT NOT NULL,
            quantity INTEGER NOT NULL,
            PRIMARY KEY (sequence, unit)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// A row of `tile` holds the sums of up to 32 series in one span of time.
    ///
    /// What the last transactions added waits in `tile_run`, one row for each.
    private static let tiles = [
        "CREATE TABLE tile (id INTEGER PRIMARY KEY, sums BLOB NOT NULL) STRICT",
        """
        CREATE TABLE tile_run (
            sequence INTEGER PRIMARY KEY,
            tiles INTEGER NOT NULL,
            sums BLOB NOT NULL
        ) STRICT
        """,
    ]

    /// Rows may leave only after the boundary that releases them is written down.
    private static let retention =
        [
            """
            CREATE TABLE seal (
                boundary INTEGER NOT NULL PRIMARY KEY,
                chain_head BLOB NOT NULL,
                chain_events INTEGER NOT NULL,
                events INTEGER NOT NULL,
                \(sumColumns),
                effective_high INTEGER NOT NULL,
                effective_low INTEGER NOT NULL,
                list_high INTEGER NOT NULL,
                list_low INTEGER NOT NULL,
                notional_high INTEGER NOT NULL,
                notional_low INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TRIGGER event_stays BEFORE DELETE ON event
            WHEN OLD.at >= (SELECT coalesce(max(boundary), -9223372036854775808) FROM seal)
            BEGIN SELECT RAISE(ABORT, 'an event outside a sealed range is never deleted'); END
            """,
        ]
        + ["event_body", "event_usage"].map { table in
            """
            CREATE TRIGGER \(table)_stays BEFORE DELETE ON \(table)
            WHEN EXISTS (SELECT 1 FROM event WHERE event.sequence = OLD.sequence)
            BEGIN SELECT RAISE(ABORT, 'a part of an event is never deleted'); END
            """
        }
        + ["event_identity", "conflict"].map { table in
            """
            CREATE TRIGGER \(table)_stays BEFORE DELETE ON \(table)
            BEGIN SELECT RAISE(ABORT, 'identities are kept for the life of the ledger'); END
            """
        }
        + ["event", "event_body", "event_usage", "event_identity", "conflict"].map { table in
            """
            CREATE TRIGGER \(table)_never_changes BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, 'an event is never changed; post a correction'); END
            """
        }

    private static let installation = [
        """
        CREATE TABLE client_key (
            id TEXT NOT NULL PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            prefix TEXT NOT NULL,
            name TEXT NOT NULL,
            rules BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE secret (
            name TEXT NOT NULL PRIMARY KEY,
            ciphertext BLOB NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    ]

    /// What people and thresholds decided; `head` is the chain's value after the row.
    private static let audit = [
        """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            change TEXT NOT NULL,
            reason TEXT,
            request TEXT,
            head BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE audit_chain (
            id INTEGER PRIMARY KEY CHECK (id = 1), head BLOB NOT NULL, entries INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO audit_chain VALUES (1, zeroblob(32), 0)",
        """
        CREATE TRIGGER audit_stays BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is kept for the life of the ledger'); END
        """,
        """
        CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END
        """,
    ]

    /// "OUTL" and the number of this version.
    private static let marks = ["PRAGMA application_id = 1330992204", "PRAGMA user_version = 1"]

    /// What events, tiles and seals add up besides money; a released version spells its columns out itself.
    private static let sumColumns = """
        calls INTEGER NOT NULL,
            priced_calls INTEGER NOT NULL,
            unpriced_calls INTEGER NOT NULL,
            estimated_calls INTEGER NOT NULL,
            unmetered_calls INTEGER NOT NULL,
            input INTEGER NOT NULL,
            cache_read INTEGER NOT NULL,
            cache_write_5m INTEGER NOT NULL,
            cache_write_1h INTEGER NOT NULL,
            output INTEGER NOT NULL
        """
}
