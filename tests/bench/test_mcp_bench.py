"""Is an assistant's wait measured on the real engine, beside the SDK's tool that does nothing?"""

from pathlib import Path

import pytest

from pairwright.bench import mcp_client
from pairwright.bench.children import MeasurementFailed
from pairwright.bench.mcp_bench import MOST_RATIO, measure
from pairwright.cli import main as command_line
from tests.support.engines import write_files
from tests.support.workspaces import parse_workspace

TREE = """\
#- shop/basket.py
class ShoppingBasket:
    def add_item(self, name):
        self.items.append(name)

    def count_items(self):
        return len(self.items)
"""


async def test_each_way_in_stands_beside_the_sdks_own_tool_with_the_same_answer(
    tmp_path: Path,
) -> None:
    write_files(tmp_path / "tree", dict(parse_workspace(TREE).files))
    table = await measure(tmp_path / "tree", rounds=3)
    rows = {row.what: row for row in table.rows}
    ways = ("stdio 2025-11-25", "stdio 2026-07-28", "HTTP 2026-07-28")
    parts = ("p50", "p95", "processor")
    assert set(rows) == {f"find_symbols, {way}, {part}" for way in ways for part in parts}
    for what, row in rows.items():
        assert (row.measured or 0) > 0
        assert (row.compared or 0) > 0
        if not what.endswith("processor"):
            assert row.limit == MOST_RATIO * (row.compared or 0)
    assert table.facts["bytes of an answer"] > 100
    assert sorted(path.name for path in (tmp_path / "tree").rglob("*")) == ["basket.py", "shop"]


@pytest.mark.parametrize(
    "body",
    [b'{"id": 1}', b'event: message\r\ndata: {"id": 1}\r\n\r\n'],
    ids=["JSON", "a stream of one event"],
)
def test_an_answer_is_read_in_either_form(body: bytes) -> None:
    assert mcp_client.message_in(body) == {"id": 1}


async def test_who_answers_nothing_is_a_failed_measurement(tmp_path: Path) -> None:
    async def left() -> tuple[dict[str, str], float]:
        raise EOFError

    with pytest.raises(MeasurementFailed, match="'find_symbols' is not answered"):
        await mcp_client.bounded(left(), "find_symbols")


def test_a_folder_without_code_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line(["bench", "mcp", str(tmp_path)]) == 2
    assert "defines nothing" in capsys.readouterr().err
