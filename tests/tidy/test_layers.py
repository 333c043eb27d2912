"""Do imports point downward?"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.tidy.source import DOCS, ROOT

_LINT = """\
from importlinter.cli import lint_imports
raise SystemExit(lint_imports(no_cache=True, no_logo=True))
"""

_VIOLATIONS = {
    "server/pairwright/text/ranges.py": "import pairwright.engine",
    "server/pairwright/strategies/base.py": "import pairwright.ledger",
    "clients/pairwright_client/__init__.py": "import pairwright.workspace",
    "server/pairwright/attic/__init__.py": "",
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of a copy of the project."""
    sources = os.pathsep.join((str(root / "server"), str(root / "clients")))
    return subprocess.run(
        [sys.executable, "-c", _LINT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": sources, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_planted_violations_break_every_contract(tmp_path: Path) -> None:
    for name in ("server", "clients"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, statement in _VIOLATIONS.items():
        planted = tmp_path / name
        planted.parent.mkdir(exist_ok=True)
        with planted.open("a", encoding="utf-8") as file:
            file.write(f"\n{statement}\n")

    output = lint(tmp_path).stdout

    for contract in contracts():
        assert f"{contract['name']} BROKEN" in output
    assert "pairwright.text.ranges -> pairwright.engine" in output
    assert "pairwright.strategies.base -> pairwright.ledger" in output
    assert "pairwright_client -> pairwright.workspace" in output
    assert "attic" in output


def test_the_page_and_the_contract_draw_the_same_layers() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    block = page.partition("## The layer rule")[2].split("```")[1]
    drawn = [line.split("  ")[0] for line in map(str.strip, block.splitlines()) if line]
    (layers,) = (contract["layers"] for contract in contracts() if contract["type"] == "layers")
    assert drawn == layers


def contracts() -> list[dict[str, object]]:
    """Return the contracts as the project's configuration has them."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found = configuration["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found
