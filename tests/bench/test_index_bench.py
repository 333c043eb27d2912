import asyncio
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from pairwright.bench.floor import balanced
from pairwright.bench.index_bench import measure
from pairwright.bench.index_rows import Amounts
from pairwright.bench.memory import is_measurable
from pairwright.bench.samples import sample_of
from pairwright.bench.table import Row, Table, percentile, to_text
from pairwright.bench.trees import NotFetched, fetch_trees, unpack
from pairwright.cli import main as command_line
from pairwright.errors import UserError
from pairwright.workspace.files import FileStat
from pairwright.workspace.paths import WorkspacePath
from tests.support.workspaces import parse_workspace

TREE = """\
#- shop/basket.py
class ShoppingBasket:
    def add_item(self, name):
        self.items.append(name)

    def count_items(self):
        return len(self.items)
#- shop/cashier.py
from shop.basket import ShoppingBasket

def empty_basket(basket: ShoppingBasket):
    return basket.count_items()
#- web/page.js
export function showBasket(basket) { return basket.items }
#- .gitignore
ignored.py
#- ignored.py
def never_copied(): pass
#- notes.txt
Nothing is defined here.
"""
FEW = Amounts(
    starts=1,
    maps=3,
    searches=6,
    keystrokes=3,
    long_lines=300,
    saves=2,
    edits=20,
    switched=3,
    switches=1,
    rest_s=0.6,
)
ROWS = [
    "floor: bare parsing and queries",
    "cold index",
    "cold index while a client asks every 50 ms",
    "symbol search while indexing, p95",
    "start on an unchanged tree, first right answer",
    "repository map again, 1,000 tokens, p95",
    "symbol search, p95",
    "repository map after an edit, p95",
    "keystroke → new revision, 300 lines, p95",
    "keystroke → outline, 300 lines, p95",
    "saved on disk → visible, p95",
    "3 files changed at once → equal to a cold index",
    "memory of a daemon at rest",
    "memory that 1,000 edits leave",
    "event loop blocked, at most",
]


def write_tree(root: Path, text: str = TREE) -> Path:
    for path, content in parse_workspace(text).files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    return root


def content_of(root: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path.relative_to(root)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in root.rglob("*")
    }


def test_every_target_has_a_row_with_a_figure_and_the_tree_stays_as_it_was(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "shop")
    before = content_of(root)
    table = asyncio.run(measure(root, FEW))
    assert content_of(root) == before
    assert [row.what for row in table.rows] == ROWS
    for row in table.rows:
        assert not row.has_failed, row
        if row.what == "memory that 1,000 edits leave":
            continue  # which may well be nothing, or less
        if not is_measurable() and row.what.startswith("memory"):
            assert row.measured is None
        else:
            assert (row.measured or 0) > 0, row
    assert table.facts["indexed files"] == 5  # with .gitignore and notes.txt, without ignored.py
    assert "1 times, 0 of them not equal" in table.as_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is not a directory"), ("#- notes.txt\nNothing.\n", "nothing to measure")],
)
def test_a_tree_without_code_is_refused(tmp_path: Path, text: str, message: str) -> None:
    root = tmp_path / "tree"
    if text:
        write_tree(root, text)
    with pytest.raises(UserError, match=message):
        sample_of(root)


@pytest.mark.parametrize("arguments", [["/nowhere/at/all"], [], ["--packages", "-r x"]])
def test_a_command_that_cannot_be_carried_out_says_why(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line(["bench", "index", *arguments]) == 2
    assert capsys.readouterr().err.strip()


@pytest.mark.parametrize("option", ["--runs", "--rounds"])
@pytest.mark.parametrize("value", ["0", "-1", "x"])
def test_less_than_one_time_is_refused(option: str, value: str) -> None:
    with pytest.raises(SystemExit):
        command_line(["bench", "index", ".", f"{option}={value}"])


def test_a_sample_asks_for_what_the_tree_defines(tmp_path: Path) -> None:
    sample = sample_of(write_tree(tmp_path / "shop"))
    assert len(sample.queries(40)) == 40
    assert {"ShoppingBasket", "count_items"} <= set(sample.queries(40))
    assert "never_copied" not in {symbol.name for symbol in sample.symbols}
    assert sample.landmark().name == "ShoppingBasket"
    assert len(set(sample.focuses(5))) == 5
    text, suffix = sample.long_text(50)
    assert suffix == ".py"
    assert 50 <= text.count("\n") < 60


def test_a_version_of_django_is_recognized(tmp_path: Path) -> None:
    text = "#- django/__init__.py\nVERSION = (5, 2, 6, 'final', 0)\ndef setup(): pass\n"
    assert sample_of(write_tree(tmp_path / "d", text)).django == (5, 2, 6)
    assert sample_of(write_tree(tmp_path / "e", TREE)).django is None


def test_the_floor_shares_the_bytes_evenly() -> None:
    stats = [FileStat(WorkspacePath(f"{size}.py"), size, 0, 0) for size in (9, 5, 4, 3, 1)]
    assert balanced(stats, 2) == [["9.py", "3.py"], ["5.py", "4.py", "1.py"]]


def test_a_table_says_what_is_met() -> None:
    rows = (
        Row("fast", 1.0, "s", limit=3.0, target="≤ 1.5 × floor", compared=2.0),
        Row("slow", 4.0, "s", limit=3.0),
        Row("fast and wrong", 1.0, "s", limit=3.0, has_failed=True),
        Row("unknown", None, "MB", limit=3.0, note="not here"),
        Row("free", 1.0, "s"),
    )
    table = Table("tree", rows, {"lines": 3})
    assert [row.is_met for row in rows] == [True, False, False, None, None]
    assert rows[0].ratio == 0.5
    text = to_text([table], is_json=False)
    assert "- unknown: not here" in text
    assert len({len(line) for line in text.splitlines() if line.startswith("|")}) == 1
    (read,) = json.loads(to_text([table], is_json=True))
    assert [row["is_met"] for row in read["rows"]] == [True, False, False, None, None]


@pytest.mark.parametrize(("percent", "expected"), [(50, 5.0), (95, 10.0), (100, 10.0), (1, 1.0)])
def test_a_percentile_is_a_value_that_was_seen(percent: float, expected: float) -> None:
    assert percentile([float(each) for each in range(10, 0, -1)], percent) == expected


@pytest.mark.parametrize(
    "name", ["django", "django>=5", "--index-url=x", "npm:left-pad", "git+ssh://x", "npm:--x@1", ""]
)
def test_only_a_name_with_a_version_is_fetched(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFetched, match="neither"):
        fetch_trees([name], tmp_path / "kept", lambda what: None)
    assert not (tmp_path / "kept").exists()


def test_what_is_kept_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "django-5.2.6").mkdir()
    said: list[str] = []
    assert fetch_trees(["django==5.2.6"], tmp_path, said.append) == tmp_path
    assert said == []


def archive(path: Path, name: str) -> Path:
    with tarfile.open(path, "w:gz") as content:
        member = tarfile.TarInfo(name)
        member.size = 1
        content.addfile(member, io.BytesIO(b"x"))
    return path


def test_an_archive_is_unpacked_into_its_own_folder(tmp_path: Path) -> None:
    unpack(archive(tmp_path / "a.tar.gz", "a-1/x.py"), tmp_path / "place")
    assert (tmp_path / "place" / "a-1" / "x.py").read_text() == "x"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.tar.gz", "place"]


@pytest.mark.parametrize("kind", ["outside", "damaged"])
def test_an_archive_that_is_none_leaves_nothing(tmp_path: Path, kind: str) -> None:
    bad = archive(tmp_path / "a.tar.gz", "../outside.py")
    if kind == "damaged":
        bad.write_bytes(bad.read_bytes()[:20])
    with pytest.raises(NotFetched, match="cannot be unpacked"):
        unpack(bad, tmp_path / "place")
    assert [each.name for each in tmp_path.iterdir()] == ["a.tar.gz"]
