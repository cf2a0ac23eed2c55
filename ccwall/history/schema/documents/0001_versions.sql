-- Every version of every board, floor plan and picture. change counts all of them and is never used twice; about is JSON for
-- the list; body and size are NULL where the document was deleted.
CREATE TABLE version (
    change  INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    at      REAL    NOT NULL,
    by      TEXT    NOT NULL,
    note    TEXT    NOT NULL,
    about   TEXT    NOT NULL,
    size    INTEGER,
    body    BLOB,
    UNIQUE (kind, id, version)
);

-- How much there is of them, without reading them.
CREATE INDEX version_size ON version (size);

CREATE TABLE format (version INTEGER NOT NULL);
INSERT INTO format VALUES (1);
