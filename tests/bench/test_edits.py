import json
from pathlib import Path

import pytest

from pairwright.bench.edits import measure
from pairwright.cli import main as command_line
from pairwright.errors import UserError

ROWS = [
    "reading and placing, of one core at 200 tokens/s",
    "reading, a token",
    "placing, a block",
    "the first block, quoted as they are",
    "the next block, quoted as they are",
    "the first block, quoted with other blanks behind",
    "the next block, quoted with other blanks behind",
    "the first block, quoted indented otherwise",
    "the next block, quoted indented otherwise",
    "a refusal with the nearest lines",
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(4):
        lines = "".join(f"    step_{number}_{each} = {each}\n" for each in range(40))
        (tmp_path / f"part_{number}.py").write_text(f"def part_{number}():\n{lines}")
    return tmp_path


def test_an_answer_and_single_blocks_are_measured(tree: Path) -> None:
    before = {path: path.read_bytes() for path in tree.iterdir()}
    table = measure(tree, long_lines=150)
    assert [row.what for row in table.rows] == ROWS
    assert all(row.measured is not None for row in table.rows)
    assert table.facts["blocks"] == table.facts["files"]
    assert table.facts["lines of the long file"] >= 150
    assert {path: path.read_bytes() for path in tree.iterdir()} == before


def test_a_tree_without_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to measure"):
        measure(tmp_path)


def test_the_command_prints_a_table(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["bench", "edits", str(tree), "--rounds", "1", "--json"]) == 0
    (table,) = json.loads(capsys.readouterr().out)
    assert [row["what"] for row in table["rows"]] == ROWS
    assert command_line(["bench", "edits", str(tree / "missing")]) == 2
    assert "not a directory" in capsys.readouterr().err
