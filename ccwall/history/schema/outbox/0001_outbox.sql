-- What is to be delivered, to one channel each. state: waiting, sending, sent, failed, dropped. due is when it may first go,
-- next_try when it may go now; level 0 to 3 is its severity; twice is 1 when it may have arrived before.
CREATE TABLE entry (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    channel  TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    level    INTEGER NOT NULL,
    note     TEXT    NOT NULL,
    put      REAL    NOT NULL,
    due      REAL    NOT NULL,
    state    TEXT    NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try REAL    NOT NULL,
    said     TEXT    NOT NULL DEFAULT '',
    done     REAL,
    twice    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (channel, key)
);

CREATE INDEX entry_open ON entry (channel, next_try) WHERE done IS NULL;
CREATE INDEX entry_done ON entry (done) WHERE done IS NOT NULL;

-- Every try. together: how many notes were in the message; listed 0 when this one was only counted in it.
CREATE TABLE attempt (
    entry    INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    at       REAL    NOT NULL,
    took     REAL    NOT NULL,
    outcome  TEXT    NOT NULL,
    said     TEXT    NOT NULL,
    together INTEGER NOT NULL,
    listed   INTEGER NOT NULL,
    PRIMARY KEY (entry, number)
) WITHOUT ROWID;

CREATE TABLE format (version INTEGER NOT NULL);
INSERT INTO format VALUES (1);
