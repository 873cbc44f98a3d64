-- People at the desks, and who is signed in.

CREATE TABLE users (
    user_id       TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    desks         TEXT    NOT NULL,         -- JSON array of desk names
    administrator INTEGER NOT NULL,
    disabled      INTEGER NOT NULL,
    password_hash TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash BLOB    PRIMARY KEY,         -- SHA-256 of the token in the browser's cookie
    user_id    TEXT    NOT NULL REFERENCES users (user_id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_user ON sessions (user_id);
