"""In which tables does feedback lie, and how is a file of it opened?"""

import os
import sqlite3
from pathlib import Path

from pairwright.errors import UserError

APPLICATION_ID = 0x50574642
"""The letters PWFB."""
VERSION = 2
_BUSY_S = 2.0

_TABLES = """
CREATE TABLE texts (
    digest TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
    attempt_id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL,
    strategy TEXT NOT NULL,
    tier TEXT NOT NULL,
    model TEXT NOT NULL,
    edit_format TEXT NOT NULL,
    question TEXT NOT NULL REFERENCES texts,
    answer TEXT NOT NULL REFERENCES texts,
    is_applied INTEGER NOT NULL,
    is_sound INTEGER,
    checks TEXT NOT NULL,
    step TEXT NOT NULL DEFAULT 'edit'
) STRICT;
CREATE INDEX attempts_by_task ON attempts (task_id);
CREATE INDEX attempts_by_question ON attempts (question);
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL UNIQUE,
    instruction TEXT NOT NULL,
    shown TEXT NOT NULL,
    attempt_ids TEXT NOT NULL,
    diff TEXT NOT NULL REFERENCES texts,
    difficulty REAL NOT NULL
) STRICT;
CREATE TABLE decisions (
    task_id TEXT NOT NULL,
    decision TEXT NOT NULL,
    hunks INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_by_task ON decisions (task_id);
"""

_UPGRADES = {1: "ALTER TABLE attempts ADD COLUMN step TEXT NOT NULL DEFAULT 'edit'"}
"""By the version that a file is of, what makes it the next one."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a file of feedback, or begin one; for its owner's eyes only.

    Raises:
        UserError: it is another program's file, or a newer version's; it is left as it is.
        sqlite3.Error, OSError: it cannot be used.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite would create it readable for everyone that the umask allows.
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        _bring_up(connection, path)
        # The last tasks may be missed after the machine went down, the file may not.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not (tables or version or application_id):
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        elif application_id != APPLICATION_ID or not 1 <= version <= VERSION:
            raise UserError(
                f"{path.name!r} holds no feedback that this version can read; it was left as "
                "it is: move it away, and a new one is begun"
            )
        else:
            for old in range(version, VERSION):
                connection.execute(_UPGRADES[old])
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
