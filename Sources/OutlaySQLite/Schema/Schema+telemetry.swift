extension Schema {
    /// What telemetry observed, beside the events it became.
    ///
    /// Keys of 16 bytes are fingerprints. `inputs` says by what the standing event was booked and is null while nothing
    /// stands.
    static let telemetry: [String] = sources + observations + waiting + counters

    private static let sources = [
        """
        CREATE TABLE telemetry_source (
            id INTEGER PRIMARY KEY, workspace TEXT NOT NULL, key_name TEXT NOT NULL, UNIQUE (workspace, key_name)
        ) STRICT
        """,
        """
        CREATE TABLE telemetry_emitter (
            source_id INTEGER NOT NULL,
            emitter TEXT NOT NULL,
            last_seen INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            duplicates INTEGER NOT NULL,
            conflicts INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            unmetered INTEGER NOT NULL,
            PRIMARY KEY (source_id, emitter)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE telemetry_rejection (
            source_id INTEGER NOT NULL,
            emitter TEXT NOT NULL,
            reason TEXT NOT NULL,
            records INTEGER NOT NULL,
            PRIMARY KEY (source_id, emitter, reason)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// Observations lie in the order they came in.
    ///
    /// Traces and names are drawn at random, so what finds them is written in order, many at a time: the indexes hold
    /// the observations up to `observation_indexed`, the writer remembers the rest.
    /// `names` are the keys of the observation's names, 16 bytes each.
    private static let observations = [
        """
        CREATE TABLE observation (
            id INTEGER PRIMARY KEY,
            group_key BLOB NOT NULL,
            identity BLOB NOT NULL,
            source_id INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            inputs INTEGER,
            names BLOB NOT NULL,
            body BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE observation_key (
            group_key BLOB NOT NULL,
            identity BLOB NOT NULL,
            observation_id INTEGER NOT NULL,
            PRIMARY KEY (group_key, identity)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE observation_name (
            name BLOB NOT NULL, group_key BLOB NOT NULL, PRIMARY KEY (name, group_key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE observation_indexed (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT",
        "INSERT INTO observation_indexed VALUES (1, 0)",
    ]

    /// `export_at` is 0 for groups of observations.
    private static let waiting = [
        """
        CREATE TABLE telemetry_held (
            group_key BLOB NOT NULL,
            export_at INTEGER NOT NULL,
            source_id INTEGER NOT NULL,
            emitter TEXT NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (group_key, export_at)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX telemetry_held_due ON telemetry_held (due)",
        """
        CREATE TABLE telemetry_presence (
            scope BLOB NOT NULL,
            minute INTEGER NOT NULL,
            authority INTEGER NOT NULL,
            instance TEXT NOT NULL,
            PRIMARY KEY (scope, minute, authority, instance)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE telemetry_contest (
            scope BLOB NOT NULL,
            last_minute INTEGER NOT NULL,
            first_minute INTEGER NOT NULL,
            group_key BLOB NOT NULL,
            export_at INTEGER NOT NULL,
            source_id INTEGER NOT NULL,
            authority INTEGER NOT NULL,
            instance TEXT NOT NULL,
            PRIMARY KEY (scope, last_minute, first_minute, group_key, export_at)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let counters = [
        """
        CREATE TABLE counter_group (
            group_key BLOB NOT NULL PRIMARY KEY,
            source_id INTEGER NOT NULL,
            body BLOB NOT NULL,
            series BLOB NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE counter_export (
            group_key BLOB NOT NULL,
            export_at INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            inputs INTEGER,
            body BLOB NOT NULL,
            UNIQUE (group_key, export_at)
        ) STRICT
        """,
        "CREATE INDEX counter_export_received ON counter_export (received_at)",
    ]
}
