"""Does a task learn from the tasks before it in which format a model writes edits?"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pairwright.ledger.entries import Answer, FormatCount
from pairwright.ledger.store import LedgerStore
from pairwright.llm.scripted_provider import ScriptedProvider
from tests.engine.desks import open_desk
from tests.support.answers import edit
from tests.support.engines import price_of_role

FILES = {"a.py": "a = 1\n"}
GOOD, BAD = edit("a.py", "a = 1\n", "a = 2\n"), edit("a.py", "b = 1\n", "b = 2\n")


@contextmanager
def ledger_of(directory: Path) -> Iterator[LedgerStore]:
    store = LedgerStore(directory / "state" / "ledger.sqlite3")
    try:
        yield store
    finally:
        store.close()


def weak_model(*replies: str) -> ScriptedProvider:
    """Return a model that takes no grammar: of a short file it writes the whole."""
    return ScriptedProvider("scripted/weak", replies, price=price_of_role("weak"))


async def test_what_became_of_every_answer_is_on_the_ledger(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [BAD, GOOD]) as desk:
        await desk.run()
    with ledger_of(tmp_path) as store:
        assert store.format_counts("scripted/weak") == (FormatCount("search_replace", 2, 2, 1),)
        assert store.format_counts("scripted/strong") == ()


async def test_a_bad_record_of_earlier_tasks_changes_the_format(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, weak_model(GOOD)) as desk:
        await desk.run()
        assert "<<<<<<< SEARCH" not in desk.prompts()
    with ledger_of(tmp_path) as store:
        for number in range(15):
            store.record_answer(
                Answer(f"t{number}", "scripted/weak", "whole_file", 1, False, False)
            )
    async with open_desk(tmp_path, FILES, weak_model(GOOD)) as desk:
        await desk.run()
        assert "<<<<<<< SEARCH" in desk.prompts()


async def test_a_task_does_not_end_because_the_record_cannot_be_written(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES, [GOOD]) as desk:
        other = sqlite3.connect(tmp_path / "state" / "ledger.sqlite3")
        other.execute("DROP TABLE answers")
        other.execute(
            "CREATE VIEW answers AS SELECT 1 AS answer_id, '' AS task_id, '' AS model,"
            " '' AS edit_format, 0 AS is_well_formed, 0 AS is_applied"
        )
        other.commit()
        other.close()
        assert (await desk.run()).state == "review"
