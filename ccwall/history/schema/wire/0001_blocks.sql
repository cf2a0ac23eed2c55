-- The wire of each source in blocks; body unpacked (zlib) are lines of a transcript (ccwall/transcript.py).
-- run is the run of the journal, protocol and first begin a header, last is when the block's last line happened.
CREATE TABLE block (
    id       INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    protocol TEXT    NOT NULL,
    first    REAL    NOT NULL,
    last     REAL    NOT NULL,
    lines    INTEGER NOT NULL,
    digest   TEXT    NOT NULL,
    body     BLOB    NOT NULL
);

CREATE INDEX block_last ON block (last);

CREATE TABLE format (version INTEGER NOT NULL);
INSERT INTO format VALUES (1);
