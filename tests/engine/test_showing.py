"""Is what an answer may show judged by the rules and the texts as they are now?"""

from pathlib import Path

import pytest

from pairwright.disclosure.policy import Policy
from pairwright.disclosure.redaction import Redactor
from pairwright.engine.models import showing
from pairwright.workspace.documents import look_up
from pairwright.workspace.encodings import FileContent
from pairwright.workspace.files import MemoryFileSystem
from pairwright.workspace.host import WorkspaceHost
from pairwright.workspace.paths import WorkspacePath
from tests.engine.desks import open_desk

FILES = {"a.py": "a = 1\n", "b.py": "b = 1\n"}
KEY = "AKIA" + "Q3EGRQ7ZLMSTPW2V"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at a file again each time, as after some seconds."""
    monkeypatch.setattr(showing, "_REMEMBERED_S", 0.0)


async def test_a_rule_that_comes_later_withholds_a_file_that_was_shown(tmp_path: Path) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        await desk.session.queries.complete(lambda _: None)
        desk.editor().open("a.py", FILES["a.py"])
        assert await desk.session.showing.withheld(["a.py", "b.py"]) == {}
        rules = desk.root / ".pairwrightignore"
        rules.write_text("a.py\n", "utf-8")
        found = await desk.session.showing.withheld(["a.py", "b.py"])
        assert found == {"a.py": "an ignore file of the workspace names it"}
        rules.unlink()
        assert await desk.session.showing.withheld(["a.py", "b.py"]) == {}


async def test_a_secret_that_is_typed_withholds_and_without_it_the_file_is_shown_again(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, FILES) as desk:
        await desk.session.queries.complete(lambda _: None)
        editor = desk.editor()
        editor.open("a.py", FILES["a.py"])
        for text, is_withheld in ((FILES["a.py"], False), (f'k = "{KEY}"\n', True)) * 2:
            editor.type("a.py", text)
            found = await desk.session.showing.withheld(["a.py"])
            assert bool(found) is is_withheld, (text, found)


class CountingFiles(MemoryFileSystem):
    """Counts what is read."""

    reads = 0

    def read(self, path: WorkspacePath) -> FileContent:
        self.reads += 1
        return super().read(path)


async def test_a_text_is_read_again_only_when_more_secrets_are_known() -> None:
    files = CountingFiles({"a.py": "a = 1\n", "b.py": "b = 'odd-one-4711'\n"})
    host, redactor = WorkspaceHost(files), Redactor()
    host.learn(look_up(files, path)[0] for path in files.files)
    shown = showing.Showing(host, Policy(redactor=redactor))
    assert await shown.withheld(["a.py", "b.py"]) == {}
    reads = files.reads
    assert await shown.withheld(["a.py", "b.py"]) == {}
    assert files.reads == reads
    redactor.register("odd-one-4711")
    reason = "it holds a secret of this process's environment"
    assert await shown.withheld(["a.py", "b.py"]) == {"b.py": reason}


def test_a_piece_that_was_clean_is_looked_at_again_when_another_secret_is_known() -> None:
    redactor = Redactor()
    shown = showing.Showing(WorkspaceHost(MemoryFileSystem()), Policy(redactor=redactor))
    pieces = ["a.py:1 variable a", "b.py:1 variable b = 'horse7staple9'"]
    assert shown.are_clean(pieces)
    assert shown.are_clean([*pieces, "c.py:1"])
    redactor.register("horse7staple9")
    assert not shown.are_clean(pieces)
    assert not shown.are_clean(pieces)
    assert shown.are_clean(pieces[:1])


def test_a_secret_among_pieces_that_were_clean_is_found_each_time() -> None:
    shown = showing.Showing(WorkspaceHost(MemoryFileSystem()), Policy(redactor=Redactor()))
    assert shown.are_clean(["a.py:1"])
    assert not shown.are_clean(["a.py:1", f"b.py:1 key = '{KEY}'"])
    assert not shown.are_clean(["a.py:1", f"b.py:1 key = '{KEY}'"])
    assert not shown.are_clean(["a.py:1", "b.py:2 hid\u202eden"])
