-- Cases, their histories, and what is looked up of them.
-- Times are nanoseconds since 1970-01-01T00:00Z. Columns named snapshot, recorded and entry hold JSON;
-- the columns beside them repeat what queries need of it.

CREATE TABLE cases (
    number        INTEGER PRIMARY KEY,      -- the database's own; short, so that other tables stay small
    case_id       TEXT    NOT NULL UNIQUE,
    version       INTEGER NOT NULL,
    reference     TEXT    NOT NULL,
    contact_id    TEXT    NOT NULL,
    opened_at     INTEGER NOT NULL,
    next_deadline INTEGER,
    snapshot      TEXT    NOT NULL
) STRICT;

CREATE INDEX cases_by_reference ON cases (reference);
CREATE INDEX cases_by_contact ON cases (contact_id, opened_at, case_id);
CREATE INDEX cases_by_deadline ON cases (next_deadline, case_id) WHERE next_deadline IS NOT NULL;

CREATE TABLE events (
    position    INTEGER PRIMARY KEY,        -- the order of commits
    case_number INTEGER NOT NULL REFERENCES cases (number),
    sequence    INTEGER NOT NULL,
    recorded    TEXT    NOT NULL,
    UNIQUE (case_number, sequence)
) STRICT;

-- Apart from the events, so that delivering one rewrites a few bytes and not its text.
CREATE TABLE undelivered_events (
    position INTEGER PRIMARY KEY REFERENCES events (position)
) STRICT;

CREATE TABLE claims (
    key        TEXT    PRIMARY KEY,
    case_id    TEXT    NOT NULL,
    expires_at INTEGER                      -- NULL: never
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_by_expiry ON claims (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE worklist (
    case_number INTEGER NOT NULL REFERENCES cases (number),
    item        INTEGER NOT NULL,           -- a request's number, or 65536 + a flag's
    case_id     TEXT    NOT NULL,
    desk        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    assignee    TEXT,
    rank        INTEGER NOT NULL,           -- the due time; negative where done, which is read latest first
    entry       TEXT    NOT NULL,
    PRIMARY KEY (case_number, item)
) STRICT, WITHOUT ROWID;

CREATE INDEX worklist_of_desk ON worklist (desk, status, rank, case_id, item);
CREATE INDEX worklist_of_person ON worklist (desk, status, assignee, rank, case_id, item)
    WHERE assignee IS NOT NULL;

CREATE TABLE identifiers (
    kind        TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    PRIMARY KEY (kind, value, opened_at, case_number)
) STRICT, WITHOUT ROWID;

-- One row for each message, under the case's number × 2^32 + the event's sequence. The text itself stands in
-- the event; here is only the index of its words.
CREATE VIRTUAL TABLE message_words USING fts5 (
    subject, body,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);
