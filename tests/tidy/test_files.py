"""Is every file of a readable size, and free of what belongs to one machine?"""

import re

import pytest

from tests.tidy.source import (
    ROOT,
    client_modules,
    functions_of,
    modules_of_tests,
    server_modules,
    tracked_files,
)

_MOST_FILE_LINES = 400
_MOST_FUNCTION_LINES = 50

_LONG_FILES = {
    "index/indexer.py": "the loops that keep one state true are read together",
    "protocol/messages.py": "one list of plain messages, searched by name",
}
"""Files that may be longer, each with its reason."""
_LONG_FUNCTIONS = {
    ("tests/strategies/stage.py", "perform"): "one argument for each thing a strategy is told",
}
"""Functions that may be longer, by file and name, each with its reason."""

_ALL_MODULES = (*server_modules(), *client_modules(), *modules_of_tests())

# Put together from parts, so that this file does not hold what it forbids.
_FORBIDDEN = {
    "a machine's path": re.compile(r"(?<![\w.])/(?:work|tmp/scratch|root|home/\w+)" + r"/[\w.]"),
    "a registry's host": re.compile(
        "|".join(
            re.escape(host)
            for host in (
                "py" + "pi.org",
                "python" + "hosted.org",
                "npm" + "js.org",
                "npm" + "js.com",
                "deb." + "debian.org",
                "proxy.golang" + ".org",
            )
        )
    ),
    "an unfinished place": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
}
_QUOTED_ON_PURPOSE = {
    "LICENSE": "the licence's own words",
}


def test_files_are_short() -> None:
    long = {
        module.name: count
        for module in _ALL_MODULES
        if (count := len(module.path.read_text("utf-8").splitlines())) > _MOST_FILE_LINES
    }
    assert long.keys() - _LONG_FILES.keys() == set(), long


def test_functions_are_short() -> None:
    long = {
        (module.name, function.name): count
        for module in _ALL_MODULES
        for function in functions_of(module)
        if (count := (function.end_lineno or 0) - function.lineno + 1) > _MOST_FUNCTION_LINES
    }
    assert long.keys() - _LONG_FUNCTIONS.keys() == set(), long


def test_every_exception_is_still_needed() -> None:
    names = {module.name for module in _ALL_MODULES}
    functions = {(m.name, f.name) for m in _ALL_MODULES for f in functions_of(m)}
    assert _LONG_FILES.keys() <= names
    assert _LONG_FUNCTIONS.keys() <= functions


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        content = path.read_bytes()
        if name in _QUOTED_ON_PURPOSE or b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if _FORBIDDEN[what].search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a machine's path", "see /wo" + "rk/main/x.py"),
        ("a machine's path", "open(/ro" + "ot/x)"),
        ("a registry's host", "https://py" + "pi.org/simple"),
        ("an unfinished place", "# TO" + "DO: later"),
    ],
)
def test_the_search_finds(what: str, line: str) -> None:
    assert _FORBIDDEN[what].search(line)


def test_no_module_is_empty() -> None:
    empty = [
        module.name
        for module in (*server_modules(), *client_modules())
        if not module.path.read_text("utf-8").strip()
    ]
    assert empty == []


def test_the_source_roots_are_not_packages() -> None:
    assert not (ROOT / "server" / "__init__.py").exists()
    assert not (ROOT / "clients" / "__init__.py").exists()
