-- Raw messages, and the messages between functions.

CREATE TABLE blobs (
    id    TEXT PRIMARY KEY,                 -- hexadecimal SHA-256 of the bytes
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE queue_messages (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    queue        TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    visible_at   INTEGER NOT NULL,          -- 0: at once
    attempts     INTEGER NOT NULL DEFAULT 0,
    in_hand      INTEGER NOT NULL DEFAULT 0, -- 1 while a reader works on it
    last_failure TEXT
) STRICT;

CREATE INDEX queue_messages_by_time ON queue_messages (queue, visible_at, id);

-- Every key that a queue saw, for good: a message is not taken twice though the first is long done.
CREATE TABLE queue_keys (
    queue TEXT NOT NULL,
    key   TEXT NOT NULL,
    PRIMARY KEY (queue, key)
) STRICT, WITHOUT ROWID;

-- Messages that a person must look at.
CREATE TABLE parked_messages (
    id        INTEGER PRIMARY KEY,          -- as it was in queue_messages
    queue     TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    attempts  INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    parked_at INTEGER NOT NULL
) STRICT;

-- Files that were imported, by the hash of their content.
CREATE TABLE imported_files (
    content     TEXT    PRIMARY KEY,
    imported_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
