import sys
from pathlib import Path

import pytest

from pairwright.bench.oracles import TYPESCRIPT, MissingOracle
from pairwright.bench.references_bench import Measurement, Score, measure


def test_precision_and_recall_are_of_places_over_all_definitions() -> None:
    score = Score()
    score.add({("a.py", 1), ("a.py", 2)}, {("a.py", 1)})
    score.add(set(), {("a.py", 3), ("b.py", 1)})
    assert (score.precision, score.recall) == (1 / 2, 1 / 3)


def test_places_in_strings_are_left_out_of_the_recall_in_code() -> None:
    score = Score()
    quoted = ("a.py", 2)
    score.add({("a.py", 1)}, {("a.py", 1), quoted, ("a.py", 3)}, frozenset({quoted}))
    assert (score.recall, score.recall_in_code) == (1 / 3, 1 / 2)


def test_nothing_found_where_nothing_was_to_be_found_is_no_division_by_zero() -> None:
    assert (Score().precision, Score().recall) == (0.0, 0.0)


def test_the_table_has_a_row_for_each_kind_and_floor() -> None:
    measurement = Measurement()
    measurement.definitions["function"] = 1
    measurement.scores["function", "EXACT"].add({("a.py", 1)}, {("a.py", 1)})
    rows = measurement.table().splitlines()
    assert "| function | 1 | EXACT | 1.000 | 1.000 | 1.000 | 1 |" in rows
    assert [row.split(" | ")[2] for row in rows if row.startswith("| function")] == [
        "the name alone",
        "EXACT",
        "EXACT + LIKELY",
        "all",
    ]


async def test_without_the_type_checker_the_message_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(MissingOracle, match="basedpyright"):
        await measure(tmp_path)


async def test_without_typescript_the_message_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingOracle, match="typescript"):
        await measure(tmp_path, oracle=TYPESCRIPT)


async def test_a_compiler_that_is_no_language_server_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "import sys; sys.exit(1)", monkeypatch)
    with pytest.raises(MissingOracle, match="7 or later"):
        await measure(tmp_path, oracle=TYPESCRIPT)


SERVER = """
import json, sys
def read():
    length = int(sys.stdin.buffer.readline().split(b":")[1])
    sys.stdin.buffer.readline()
    return json.loads(sys.stdin.buffer.read(length))
def place(uri, line, character):
    at = {"line": line, "character": character}
    return {"uri": uri, "range": {"start": at, "end": at}}
while True:
    asked = read()
    if "id" not in asked:
        continue
    params, result = asked["params"], {}
    if asked["method"] == "textDocument/references":
        uri = params["textDocument"]["uri"]
        result = [place(uri, 0, 16), place(uri, 1, 0), place(uri, 2, 0)]
    elif asked["method"] == "textDocument/definition":
        uri, line = params["textDocument"]["uri"], params["position"]["line"]
        result = [place(uri, 0, 16)] if line < 2 else [place(uri, 2, 0)]
    content = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%s" % (len(content), content))
    sys.stdout.buffer.flush()
"""


async def test_a_use_counts_for_the_definition_to_which_the_checker_leads_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, SERVER, monkeypatch)
    (tmp_path / "a.ts").write_text("export function f() {}\nf()\nf\n")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "b.ts").write_text("export function g() {}\n")
    measured = await measure(tmp_path, oracle=TYPESCRIPT)
    assert measured.definitions == {"all kinds": 1, "function": 1}
    score = measured.scores["function", "EXACT"]
    assert (score.both, score.only_ours, score.only_oracle) == (1, 1, 0)


def install(directory: Path, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program where the compiler is looked for."""
    compiler = directory / "tsc"
    compiler.write_text(f"#!{sys.executable}\n{program}\n")
    compiler.chmod(0o700)
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setattr("sys.executable", str(directory / "python"))
    monkeypatch.chdir(directory)
