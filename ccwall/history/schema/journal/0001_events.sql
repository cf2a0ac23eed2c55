-- What happened, in the order of seq. body is the fact as JSON; crc is over all other columns (ccwall/history/rows.py).
CREATE TABLE event (
    seq      INTEGER PRIMARY KEY,
    v        INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    source   TEXT    NOT NULL,
    received REAL    NOT NULL,
    type     TEXT    NOT NULL,
    actor    TEXT,
    body     TEXT    NOT NULL,
    crc      INTEGER NOT NULL
);

-- The configuration a journal's beginning was made under is never purged; this finds it.
CREATE INDEX event_config ON event (seq) WHERE type = 'config.applied';

-- What `ccwall retranslate DAY --write` took out of event, as it was; at is when.
CREATE TABLE superseded (
    at       REAL    NOT NULL,
    seq      INTEGER NOT NULL,
    v        INTEGER NOT NULL,
    id       TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    source   TEXT    NOT NULL,
    received REAL    NOT NULL,
    type     TEXT    NOT NULL,
    actor    TEXT,
    body     TEXT    NOT NULL,
    crc      INTEGER NOT NULL
);

-- The engine's state after seq, compressed by zlib; digest is of the state before that.
CREATE TABLE snapshot (
    seq    INTEGER PRIMARY KEY,
    at     REAL    NOT NULL,
    shape  TEXT    NOT NULL,
    digest TEXT    NOT NULL,
    state  BLOB    NOT NULL
);

-- Each time ccwall ran; lived is when it last did, ended is empty when it did not stop by itself.
CREATE TABLE run (
    id      INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    started REAL NOT NULL,
    lived   REAL NOT NULL,
    ended   REAL
);

-- As PRAGMA user_version, a second time: two places tell a newer journal from a damaged one.
CREATE TABLE format (version INTEGER NOT NULL);
INSERT INTO format VALUES (1);
