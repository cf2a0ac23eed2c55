-- Who may act. teams and queues are JSON lists, NULL for all of them; password is an Argon2 string with its own parameters.
CREATE TABLE account (
    id          TEXT    PRIMARY KEY,
    name        TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    teams       TEXT,
    queues      TEXT,
    agent       TEXT,
    language    TEXT    NOT NULL,
    disabled    INTEGER NOT NULL,
    must_change INTEGER NOT NULL,
    created     REAL    NOT NULL,
    changed     REAL    NOT NULL,
    signed_in   REAL,
    password    TEXT    NOT NULL
) WITHOUT ROWID;

-- The screens that show without a person. digest is of the secret in the link; queues and teams narrow what they show.
CREATE TABLE display_link (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    board   TEXT NOT NULL,
    teams   TEXT,
    queues  TEXT,
    digest  BLOB NOT NULL UNIQUE,
    by      TEXT NOT NULL,
    created REAL NOT NULL,
    used    REAL,
    revoked REAL
) WITHOUT ROWID;

-- Who is signed in: of an account, or of a link. Only the digest of the secret is kept.
CREATE TABLE session (
    digest  BLOB PRIMARY KEY,
    account TEXT REFERENCES account (id) ON DELETE CASCADE,
    link    TEXT REFERENCES display_link (id) ON DELETE CASCADE,
    created REAL NOT NULL,
    used    REAL NOT NULL,
    expires REAL NOT NULL,
    client  TEXT NOT NULL,
    browser TEXT NOT NULL,
    CHECK ((account IS NULL) <> (link IS NULL))
) WITHOUT ROWID;

-- From where somebody has signed in before: a stranger's wrong tries do not count against them there.
CREATE TABLE known_place (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    place   TEXT NOT NULL,
    at      REAL NOT NULL,
    PRIMARY KEY (account, place)
) WITHOUT ROWID;

CREATE TABLE format (version INTEGER NOT NULL);
INSERT INTO format VALUES (1);
