"""Which tables does the ledger have? Small steps, each made once, in order."""

import sqlite3

from pairwright.storage.database import Step

APPLICATION_ID = 0x50574C47
"""The letters PWLG."""


def _create_entries(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE entries (
            entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
            writer TEXT NOT NULL,
            task_id TEXT NOT NULL,
            client TEXT NOT NULL,
            step TEXT NOT NULL,
            strategy TEXT NOT NULL,
            tier TEXT NOT NULL CHECK (tier IN ('weak', 'strong')),
            model TEXT NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            day TEXT NOT NULL,
            started_at TEXT NOT NULL,
            duration_ms INTEGER NOT NULL DEFAULT 0,
            uncached_input INTEGER NOT NULL DEFAULT 0,
            cache_read INTEGER NOT NULL DEFAULT 0,
            cache_write INTEGER NOT NULL DEFAULT 0,
            output INTEGER NOT NULL DEFAULT 0,
            reasoning INTEGER NOT NULL DEFAULT 0,
            is_estimated INTEGER NOT NULL DEFAULT 0,
            cost_picodollars INTEGER CHECK (cost_picodollars >= 0),
            price_source TEXT NOT NULL,
            outcome TEXT NOT NULL
                CHECK (outcome IN ('reserved', 'done', 'cancelled', 'failed'))
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX entries_by_task ON entries (task_id)")
    connection.execute("CREATE INDEX entries_by_day ON entries (day)")
    connection.execute(
        "CREATE INDEX open_reservations ON entries (writer) WHERE outcome = 'reserved'"
    )


def _forbid_rewriting(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TRIGGER settled_once BEFORE UPDATE ON entries
        WHEN OLD.outcome <> 'reserved' OR NEW.outcome = 'reserved'
            OR NEW.entry_id IS NOT OLD.entry_id OR NEW.task_id IS NOT OLD.task_id
            OR NEW.model IS NOT OLD.model OR NEW.started_at IS NOT OLD.started_at
            OR NEW.day IS NOT OLD.day
        BEGIN SELECT RAISE(ABORT, 'a ledger entry is settled once and never rewritten'); END
        """
    )
    connection.execute(
        """
        CREATE TRIGGER never_deleted BEFORE DELETE ON entries
        BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END
        """
    )


def _create_answers(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE answers (
            answer_id INTEGER PRIMARY KEY AUTOINCREMENT,
            written_at TEXT NOT NULL,
            task_id TEXT NOT NULL,
            model TEXT NOT NULL,
            edit_format TEXT NOT NULL,
            blocks INTEGER NOT NULL CHECK (blocks >= 0),
            is_well_formed INTEGER NOT NULL CHECK (is_well_formed IN (0, 1)),
            is_applied INTEGER NOT NULL CHECK (is_applied IN (0, 1))
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX answers_by_format ON answers (model, edit_format)")
    for event in ("UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER answers_without_{event.lower()} BEFORE {event} ON answers"
            " BEGIN SELECT RAISE(ABORT, 'what became of an answer is never rewritten'); END"
        )


def _cover_sums(connection: sqlite3.Connection) -> None:
    """Let what was spent since a day be summed from an index alone: every call asks for it."""
    connection.execute("CREATE INDEX entries_spent ON entries (day, outcome, cost_picodollars)")
    connection.execute("DROP INDEX entries_by_day")


def _say_how_it_ended(connection: sqlite3.Connection) -> None:
    """Keep what was set aside and why an attempt ended; of older entries nobody said."""
    for column in (
        "reserved_picodollars INTEGER CHECK (reserved_picodollars >= 0)",
        "cache_write_1h INTEGER NOT NULL DEFAULT 0",
        "finish_reason TEXT NOT NULL DEFAULT ''",
        "error TEXT NOT NULL DEFAULT ''",
        "service_tier TEXT NOT NULL DEFAULT ''",
    ):
        connection.execute(f"ALTER TABLE entries ADD COLUMN {column}")


def _keep_what_was_reserved(connection: sqlite3.Connection) -> None:
    """Forbid every change but that of a reservation into what it came to."""
    kept: tuple[str, ...] = ("entry_id", "writer", "task_id", "client", "step", "strategy")
    kept += ("tier", "model", "attempt", "day", "started_at", "reserved_picodollars")
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in kept)
    connection.execute("DROP TRIGGER settled_once")
    connection.execute(
        f"""
        CREATE TRIGGER settled_once BEFORE UPDATE ON entries
        WHEN OLD.outcome <> 'reserved' OR NEW.outcome = 'reserved' OR {changed}
        BEGIN SELECT RAISE(ABORT, 'a ledger entry is settled once and never rewritten'); END
        """
    )
    # To replace a row deletes it, and no trigger is told of that.
    connection.execute(
        """
        CREATE TRIGGER never_replaced BEFORE INSERT ON entries
        WHEN EXISTS (SELECT 1 FROM entries WHERE entry_id = NEW.entry_id)
        BEGIN SELECT RAISE(ABORT, 'a ledger entry is never rewritten'); END
        """
    )


def _create_ends(connection: sqlite3.Connection) -> None:
    """Keep whether tasks came to their end; of older ones nobody said, and they count as whole."""
    connection.execute(
        """
        CREATE TABLE ends (
            end_id INTEGER PRIMARY KEY AUTOINCREMENT,
            written_at TEXT NOT NULL,
            task_id TEXT NOT NULL,
            is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1))
        ) STRICT
        """
    )
    connection.execute("CREATE INDEX ends_by_task ON ends (task_id)")
    connection.execute(
        "INSERT INTO ends (written_at, task_id, is_whole)"
        " SELECT max(started_at), task_id, 1 FROM entries GROUP BY task_id"
    )
    for event in ("UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER ends_without_{event.lower()} BEFORE {event} ON ends"
            " BEGIN SELECT RAISE(ABORT, 'how a task ended is never rewritten'); END"
        )


MIGRATIONS: tuple[Step, ...] = (
    _create_entries,
    _forbid_rewriting,
    _create_answers,
    _cover_sums,
    _say_how_it_ended,
    _keep_what_was_reserved,
    _create_ends,
)
