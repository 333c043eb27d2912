"""In which tables does feedback lie, and how is a file of it opened?"""

import sqlite3
from pathlib import Path

from pairwright.storage.database import Step, bring_up, log_ahead, open_private, run_script

APPLICATION_ID = 0x50574642
"""The letters PWFB."""

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
    checks TEXT NOT NULL
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


def connect(path: Path) -> sqlite3.Connection:
    """Open a file of feedback, or begin one; for its owner's eyes only.

    Raises:
        UserError: it is another program's file, or a newer version's; it is left as it is.
        sqlite3.Error, OSError: it cannot be used.
    """
    connection = open_private(path)
    try:
        bring_up(connection, path, STEPS, called="the feedback", application_id=APPLICATION_ID)
        log_ahead(connection)
        # The last tasks may be missed after the machine went down, the file may not.
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _create_tables(connection: sqlite3.Connection) -> None:
    run_script(connection, _TABLES)


def _say_of_which_step(connection: sqlite3.Connection) -> None:
    """Keep what an attempt was asked for; until then only edits were remembered."""
    connection.execute("ALTER TABLE attempts ADD COLUMN step TEXT NOT NULL DEFAULT 'edit'")


STEPS: tuple[Step, ...] = (_create_tables, _say_of_which_step)
