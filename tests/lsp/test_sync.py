"""Is the editor's buffer kept exactly?"""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pairwright.lsp.documents.sync import DocumentSync, workspace_path
from pairwright.lsp.handshake import PositionEncoding
from pairwright.lsp.stream.failures import ProtocolError
from pairwright.lsp.stream.wire import structure
from pairwright.workspace.paths import WorkspacePath
from tests.lsp.peers import ROOT, FakeSession

URI = "file:///workspace/pkg/a.py"
PATH = WorkspacePath("pkg/a.py")


def opened(text: str, *, uri: str = URI) -> tuple[FakeSession, DocumentSync]:
    """Return a session and documents with one open at version 1."""
    session = FakeSession()
    documents = DocumentSync(session, ROOT, PositionEncoding.UTF_16)
    documents.did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, text))
    )
    return session, documents


def change(documents: DocumentSync, version: int, *changes: dict[str, Any]) -> None:
    params = {"textDocument": {"uri": URI, "version": version}, "contentChanges": list(changes)}
    documents.did_change(structure(types.DidChangeTextDocumentParams, params))


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> dict[str, Any]:
    places = [{"line": line, "character": character} for line, character in (start, end)]
    return {"range": {"start": places[0], "end": places[1]}, "text": text}


def check(before: str, changes: list[dict[str, Any]], after: str) -> None:
    session, documents = opened(before)
    change(documents, 2, *changes)
    assert session.texts == {PATH: after}
    document = documents.find(PATH)
    assert document is not None
    assert (document.text, document.version) == (after, 2)


def test_an_opened_document_is_known() -> None:
    session, _ = opened("a = 1\n")
    assert session.texts == {PATH: "a = 1\n"}


def test_incremental_changes_speak_of_the_text_after_the_one_before() -> None:
    check("abc\n", [edit((0, 0), (0, 1), "xy"), edit((0, 2), (0, 3), "")], "xyc\n")


def test_a_whole_text_replaces_everything() -> None:
    check("abc\n", [{"text": "new"}], "new")


def test_a_form_feed_ends_no_line() -> None:
    check("a\fb\nc", [edit((1, 0), (1, 1), "d")], "a\fb\nd")


def test_a_place_past_the_end_without_line_end_is_the_end() -> None:
    check("ab", [edit((0, 99), (0, 99), "c")], "abc")
    check("ab", [edit((5, 0), (5, 0), "c")], "abc")


def test_a_reversed_range_replaces_what_lies_between() -> None:
    check("abcd", [edit((0, 3), (0, 1), "-")], "a-d")


def test_astral_characters_count_two() -> None:
    check("𝒳y", [edit((0, 2), (0, 3), "z")], "𝒳z")


def test_no_changes_still_move_the_version() -> None:
    check("a", [], "a")


@pytest.mark.parametrize("version", [1, 0, -1])
def test_an_old_version_changes_nothing(version: int) -> None:
    session, documents = opened("a")
    with pytest.raises(ProtocolError, match="not newer"):
        change(documents, version, {"text": "b"})
    assert session.texts == {PATH: "a"}


def test_versions_may_skip() -> None:
    session, documents = opened("a")
    change(documents, 40, {"text": "b"})
    assert session.texts == {PATH: "b"}


def test_a_document_that_is_not_open_cannot_change_close_or_be_saved() -> None:
    documents = DocumentSync(FakeSession(), ROOT, PositionEncoding.UTF_16)
    identity = types.TextDocumentIdentifier(URI)
    with pytest.raises(ProtocolError, match="not open"):
        change(documents, 2, {"text": "b"})
    with pytest.raises(ProtocolError, match="not open"):
        documents.did_close(types.DidCloseTextDocumentParams(identity))
    with pytest.raises(ProtocolError, match="not open"):
        documents.did_save(types.DidSaveTextDocumentParams(identity))


def test_a_closed_document_is_given_back() -> None:
    session, documents = opened("a")
    documents.did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
    assert session.texts == {}
    assert documents.find(PATH) is None


def test_opened_twice_the_second_counts() -> None:
    session, documents = opened("a")
    again = types.TextDocumentItem(URI, "python", 1, "b")
    documents.did_open(types.DidOpenTextDocumentParams(again))
    assert session.texts == {PATH: "b"}


@pytest.mark.parametrize(
    "uri",
    [
        "file:///elsewhere/a.py",
        "file:///workspace-evil/a.py",
        "file:///workspace/../a.py",
        "file:///workspace",
        "untitled:Untitled-1",
        "http://host/workspace/a.py",
        "file:///workspace/a%00.py",
        "a.py",
        "",
    ],
)
def test_a_document_outside_the_workspace_stays_the_clients_affair(uri: str) -> None:
    session, documents = opened("a", uri=uri)
    assert session.texts == {}
    documents.did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))


def test_escapes_in_a_uri_are_resolved() -> None:
    assert workspace_path("file:///workspace/a%20b/%C3%A4.py", ROOT) == "a b/ä.py"


def test_a_root_reached_by_a_link_is_the_same_root(tmp_path: Path) -> None:
    real = tmp_path.resolve() / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    assert workspace_path(f"file://{tmp_path}/link/a.py", real) == "a.py"


def test_wrong_params_say_where() -> None:
    with pytest.raises(ProtocolError, match="text_document"):
        structure(types.DidOpenTextDocumentParams, {"wrong": 1})
    with pytest.raises(ProtocolError):
        structure(types.DidChangeTextDocumentParams, {"textDocument": 1, "contentChanges": 2})
