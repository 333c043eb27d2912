"""Which tests does a change reach?"""

import pytest

from tests.checks.impacts import STORE, impact


def test_tests_that_cannot_reach_the_change_are_left_out() -> None:
    assert impact({"other.py": ("return 1", "return 2")}).tests == ("tests/test_other.py",)
    tests = impact({"codec.py": ("    return text\n\n\ndef e", "    return 1\n\n\ndef e")}).tests
    assert tests == ("tests/test_store.py", "tests/test_app.py")


def test_tests_that_the_change_writes_are_run_and_those_it_removes_are_not() -> None:
    new = ("def test_unrelated():", "def test_more():")
    assert impact({"tests/test_other.py": new}).tests == ("tests/test_other.py",)
    added = impact({"tests/test_new.py": ("", "def test_x():\n    assert True\n")})
    assert added.tests == ("tests/test_new.py",)
    gone = impact({"tests/test_other.py": None, "other.py": ("return 1", "return 2")})
    assert gone.tests is None


def test_a_new_file_is_tested_by_those_who_waited_for_it() -> None:
    workspace = STORE + "#- tests/test_fresh.py\nimport fresh\n\n\ndef test_it():\n    fresh.go()\n"
    found = impact({"fresh.py": ("", "def go():\n    return 1\n")}, workspace)
    assert found.tests == ("tests/test_fresh.py",)


def test_what_runs_at_import_is_tested_by_every_importer() -> None:
    found = impact({"codec.py": ("def decode", "print(1)\n\n\ndef decode")})
    assert set(found.tests or ()) == {"tests/test_store.py", "tests/test_app.py"}


def test_fixtures_lead_to_the_tests_that_ask_for_them() -> None:
    workspace = """\
#- core.py
def make():
    return 1
#- tests/conftest.py
import pytest

from core import make


@pytest.fixture
def made():
    return make()
#- tests/test_made.py
def test_made(made):
    assert made
#- tests/test_rest.py
def test_rest():
    assert True
"""
    assert impact({"core.py": ("return 1", "return 2")}, workspace).tests == ("tests/test_made.py",)
    everywhere = workspace.replace("pytest.fixture", "pytest.fixture(autouse=True)")
    found = impact({"core.py": ("return 1", "return 2")}, everywhere)
    assert set(found.tests or ()) == {"tests/test_made.py", "tests/test_rest.py"}


def test_what_a_decorator_hands_to_others_is_tested_by_every_importer() -> None:
    workspace = """\
#- site.py
from web import app


@app.route("/")
def home():
    return "x"
#- tests/test_site.py
import site


def test_home(client):
    assert client.get("/")
"""
    found = impact({"site.py": ('return "x"', 'return "y"')}, workspace)
    assert found.tests == ("tests/test_site.py",)


def test_methods_that_a_base_out_of_sight_calls_are_tested_with_their_class() -> None:
    workspace = """\
#- coder.py
import json


class Coder(json.JSONEncoder):
    def default(self, o):
        return 1


def dump(o):
    return json.dumps(o, cls=Coder)
#- tests/test_coder.py
import coder


def test_dump():
    assert coder.dump(1)
"""
    found = impact({"coder.py": ("return 1", "return 2")}, workspace)
    assert found.tests == ("tests/test_coder.py",)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/conftest.py", "import os\n\n\ndef hook():\n    return os\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\n"),
        ("data.json", "{}\n"),
        ("notes.unknown", "words\n"),
        ("README.md", "# Title\n"),
        ("lonely.py", "def alone():\n    return 1\n"),
    ],
)
def test_where_it_cannot_be_told_all_tests_are_run(path: str, text: str) -> None:
    assert impact({path: ("", text)}).tests is None
