"""Is an editor's wait measured on the real engine, beside the library's bare server?"""

from pathlib import Path

import pytest

from pairwright.bench.lsp_bench import measure
from pairwright.cli import main as command_line
from pairwright.errors import UserError
from tests.support.engines import write_files
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
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    write_files(root, dict(parse_workspace(TREE).files))
    return root


def contents(tree: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}


async def test_each_question_stands_beside_the_bare_servers_answer(tree: Path) -> None:
    before = contents(tree)
    table = await measure(tree, hunks=0, least_rounds=3)
    rows = {row.what: row for row in table.rows}
    for what in ("hover", "document symbols", "workspace symbols"):
        row = rows[f"{what} at rest, p95"]
        assert (row.measured or 0) > 0
        assert (row.compared or 0) > 0
        assert (rows[f"{what} at rest, processor"].measured or 0) > 0
    assert rows["hover at rest, p95"].limit == 10.0
    assert rows["document symbols at rest, p95"].limit is None
    for phase in ("indexing", "rest"):
        assert rows[f"event loop blocked during {phase}, most"].limit == 50.0
    assert not any(what.startswith("refused") for what in rows)
    assert contents(tree) == before


async def test_a_hunk_is_waited_for_from_its_last_token_on(tree: Path) -> None:
    table = await measure(tree, hunks=1, least_rounds=1)
    rows = {row.what: row for row in table.rows}
    hunk = rows["first hunk after its last token, p95"]
    assert hunk.limit == 20.0
    # What is not waited for: the pause after it, and the tokens that follow.
    assert (hunk.measured or 0) > 0
    assert rows["event loop blocked during a task, most"].limit == 50.0


async def test_a_folder_without_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="defines nothing"):
        await measure(tmp_path)


def test_the_command_says_so_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line(["bench", "lsp", str(tmp_path)]) == 2
    assert "defines nothing" in capsys.readouterr().err
