-- Mail on its way out, and what became of it.

CREATE TABLE mails (
    number          INTEGER PRIMARY KEY,    -- the order in which they were handed over
    message_id      TEXT    NOT NULL UNIQUE,
    sender          TEXT    NOT NULL,
    recipient       TEXT    NOT NULL,
    bytes           BLOB    NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused')),
    next_attempt_at INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    sent_at         INTEGER,
    diagnosis       TEXT                    -- why the last attempt failed, or why it was refused
) STRICT;

CREATE INDEX mails_waiting ON mails (next_attempt_at, number) WHERE state = 'waiting';
