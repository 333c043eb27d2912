"""How is a database of ours kept? A SQLite file of its owner's alone, changed whole or not at all.

Tables change in small steps, each made once, in order. A file's `user_version` counts the steps
that were made with it, and its `application_id` tells our files from other programs'. A file of a
newer version, or somebody else's, is refused untouched.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pairwright.errors import UserError

_BUSY_S = 2.0
_RETRY_S = 0.01

Step = Callable[[sqlite3.Connection], None]
"""Changes the tables from one version to the next."""


def open_private(path: Path) -> sqlite3.Connection:
    """Open a database, or begin an empty one; what it makes, only its owner may read.

    A statement waits 2 s at most for another process that writes.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite would create it readable for everyone that the umask allows, and follow a link.
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    return sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)


def log_ahead(connection: sqlite3.Connection) -> None:
    """Turn to write-ahead logging; where two do that at once, SQLite refuses one without a wait.

    Raises:
        sqlite3.Error: the file cannot be written, or others were busy with it for 2 s.
    """
    give_up_at = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(_RETRY_S)
        else:
            return


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make all that happens inside one change: an exception takes back the whole of it.

    Raises:
        sqlite3.Error: it cannot begin, or cannot end; nothing was changed.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself takes some failed transactions back, such as on a full disk.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def bring_up(
    connection: sqlite3.Connection,
    path: Path,
    steps: Sequence[Step],
    *,
    called: str,
    application_id: int = 0,
) -> None:
    """Bring the tables up to date; all missing steps are made in one transaction.

    Args:
        connection: to the file.
        path: of the file, for what is said about it.
        steps: all there ever were, the first one makes the first tables.
        called: what a person calls the file, such as "the ledger".
        application_id: of our files of this kind; 0 for those that carry none.

    Raises:
        UserError: the file is not ours, or a newer version wrote it; it is left as it is.
        sqlite3.Error: it cannot be read or written.
    """

    def version() -> int:
        return _version_of(connection, path, len(steps), called, application_id)

    if version() == len(steps):
        return
    with transaction(connection):
        # Another process may have been faster than this one.
        for number in range(version(), len(steps)):
            steps[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute(f"PRAGMA application_id = {application_id}")


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Make each statement of a script; `executescript` would end the transaction.

    Raises:
        sqlite3.Error: a statement fails.
    """
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def used_bytes(connection: sqlite3.Connection) -> int:
    """Return how much of the file is in use; what was deleted from it may still lie in it.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether it failed because another process was writing."""
    return error_code(error) & 0xFF == sqlite3.SQLITE_BUSY


def error_code(error: sqlite3.Error) -> int:
    """Return SQLite's own code; 0: the error is not SQLite's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code


def _version_of(
    connection: sqlite3.Connection, path: Path, newest: int, called: str, application_id: int
) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (found_id,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (found_id != application_id and (tables or version or found_id)) or (tables and not version):
        raise UserError(
            f"{called} {path.name!r} is a database of another program; it was left as it is: "
            "move it away, and a new one is begun"
        )
    if version > newest:
        raise UserError(
            f"{called} {path.name!r} was written by a newer Pairwright (its version {version}, "
            f"known here {newest}); it was left as it is: update Pairwright"
        )
    return int(version)
