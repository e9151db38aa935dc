"""The tables of a node's file, and what may never happen to them.

The truth is `log`, `entry` and what other parties have signed. The rest is derived from it and stands here because it
must change in the same transaction. The view `record` is for a person with the sqlite3 tool.
"""

from __future__ import annotations

# Counts up when the tables change. A file of an older version is brought up to date on opening, a newer one refused.
SCHEMA_VERSION = 2

# "SCON", so that `file` and the sqlite3 tool can tell what this is.
APPLICATION_ID = 0x53434F4E

# INVARIANT (one-number): entry `index` of log number `no` has position no * 2^40 + index. Entries of one log lie side
# by side in the file, in order, and one integer is their key: the fastest SQLite knows. 2^40 entries a
# log and 2^22 logs fit a signed 64-bit integer.
LOG_SPAN = 2**40

SCHEMA = """
CREATE TABLE store (version INTEGER NOT NULL) STRICT;

CREATE TABLE log (
    no         INTEGER PRIMARY KEY CHECK (no BETWEEN 1 AND 1 << 22),
    party      TEXT    NOT NULL UNIQUE,
    size       INTEGER NOT NULL DEFAULT 0 CHECK (size BETWEEN 0 AND 1 << 40),
    checkpoint BLOB
) STRICT;

CREATE TABLE entry (
    position INTEGER PRIMARY KEY,
    t        INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    id       BLOB    CHECK (length(id) = 32),
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    leaf     BLOB    NOT NULL CHECK (length(leaf) = 32),
    void     TEXT    NOT NULL,
    entry    BLOB    NOT NULL
) STRICT;
-- A scan over a million places reads this and not a million entries.
CREATE INDEX entry_by_place ON entry (position, t, n, leaf);
CREATE INDEX entry_by_subject ON entry (subject) WHERE subject <> '';
-- Not unique: a party that logs one statement twice shows what it is, and must not stop our mirror.
CREATE INDEX entry_by_id ON entry (id) WHERE id IS NOT NULL;
CREATE INDEX entry_void ON entry (position) WHERE void <> '';

CREATE TABLE tile (
    log    INTEGER NOT NULL,
    level  INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    hashes BLOB    NOT NULL CHECK (length(hashes) = 8192),
    PRIMARY KEY (log, level, n)
) STRICT;

CREATE TABLE sighting (
    of   TEXT    NOT NULL,
    by   TEXT    NOT NULL,
    size INTEGER NOT NULL,
    t    INTEGER NOT NULL,
    idx  INTEGER NOT NULL,
    id   BLOB    NOT NULL CHECK (length(id) = 32),
    PRIMARY KEY (of, by, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
    subject TEXT    NOT NULL UNIQUE,
    family  TEXT    NOT NULL,
    sort    INTEGER NOT NULL,
    t       INTEGER NOT NULL,
    n       INTEGER NOT NULL,
    party   TEXT    NOT NULL,
    idx     INTEGER NOT NULL,
    digest  TEXT    NOT NULL,
    state   BLOB    NOT NULL
) STRICT;
CREATE INDEX subject_by_time ON subject (family, sort DESC, subject);

CREATE TABLE cosignature (
    log  TEXT    NOT NULL,
    by   TEXT    NOT NULL,
    role TEXT    NOT NULL,
    size INTEGER NOT NULL,
    time INTEGER NOT NULL,
    note BLOB    NOT NULL,
    PRIMARY KEY (log, by, role, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (digest TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE card (party TEXT PRIMARY KEY, card BLOB NOT NULL) STRICT;
CREATE TABLE evidence (
    no     INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    data   BLOB NOT NULL
) STRICT;

CREATE VIEW record AS
SELECT party, position % (1 << 40) AS idx, datetime(t / 1000, 'unixepoch') AS time, t, n, hex(id) AS id, kind, subject,
       void, CAST(entry AS TEXT) AS entry
FROM entry JOIN log ON no = position >> 40
ORDER BY t, n, party, idx;
"""

# INVARIANT (append-only): what was once signed or shown to be signed is neither changed nor removed, whoever asks.
_KEPT = ("entry", "tile", "sighting", "cosignature", "blob", "evidence")
_KEPT_RULES = "".join(
    f"""
CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'out of sequence: {table} is append-only'); END;
CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'out of sequence: {table} is append-only'); END;
"""
    for table in _KEPT
)

# INVARIANT (no-way-back): a size never shrinks.
_GROWTH_RULES = """
CREATE TRIGGER log_never_shrinks BEFORE UPDATE ON log
WHEN NEW.size < OLD.size OR NEW.no <> OLD.no OR NEW.party <> OLD.party
BEGIN SELECT RAISE(ABORT, 'out of sequence: a log only grows'); END;
CREATE TRIGGER log_never_goes BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'out of sequence: a log only grows'); END;
"""

# What later versions added. Each may run again: a file of an older version gets all of it on opening.
ADDED = """
-- What opens the console for a person. Public keys alone, and no part of the record: a row may change and go.
CREATE TABLE IF NOT EXISTS passkey (
    credential BLOB PRIMARY KEY,
    actor      TEXT    NOT NULL,
    enrolment  TEXT    NOT NULL,
    host       TEXT    NOT NULL,
    label      TEXT    NOT NULL,
    key        BLOB    NOT NULL,
    count      INTEGER NOT NULL,
    added      INTEGER NOT NULL,
    used       INTEGER
) STRICT;
"""

SCHEMA += _KEPT_RULES + _GROWTH_RULES + ADDED
