"""A small workspace, and what replacing pieces of its files has for an impact."""

import asyncio

from pairwright.checks.comparison import compare
from pairwright.checks.impact import ChangeKind, Impact, impact_of
from pairwright.workspace.paths import WorkspacePath
from tests.checks.support import analysis_of
from tests.support.outlines import outlined_here

STORE = """\
#- store.py
import json
from codec import decode, encode

LIMIT = 3


class Store:
    def __init__(self, path):
        self.path = path

    def load(self, path):
        return decode(path)

    def volume(self):
        return LIMIT


class Cache(Store):
    def load(self, path):
        return super().load(path)


def open_store(path):
    return Store(path)
#- codec.py
def decode(text):
    return text


def encode(text):
    return text
#- app.py
from store import Store, open_store


def main():
    store = open_store("x")
    return store.load("y")


class App(Store):
    pass
#- report.py
from store import encode, open_store


def report():
    return open_store("z").volume()
#- other.py
def unrelated():
    return 1
#- tests/test_store.py
from store import open_store


def test_load():
    assert open_store("x").load("y")
#- tests/test_app.py
import app


def test_main():
    app.main()
#- tests/test_other.py
import other


def test_unrelated():
    assert other.unrelated() == 1
"""


def impact(changes: dict[str, tuple[str, str] | None], workspace: str = STORE) -> Impact:
    """Return the impact of replacing pieces of files; None deletes a file, an empty piece adds."""
    analysis = analysis_of(workspace)
    texts: dict[WorkspacePath, str | None] = {}
    for name, piece in changes.items():
        path = WorkspacePath(name)
        document = analysis.snapshot.documents.get(path)
        old = document.text if document else ""
        assert piece is None or piece[0] in old
        texts[path] = None if piece is None else old.replace(piece[0], piece[1], 1)
    return impact_of(asyncio.run(compare(analysis, texts, {}, outlined_here)))


def changed(found: Impact) -> list[tuple[str, str, ChangeKind]]:
    return [(each.path, each.name, each.change) for each in found.changed]


def places(found: Impact) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in found.affected]
