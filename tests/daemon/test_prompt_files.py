"""What `pairwright prompts` prints."""

from pathlib import Path

import pytest

from pairwright.cli import main
from pairwright.strategies.wording import PURPOSES, default_text


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAIRWRIGHT_CONFIG_DIR", str(tmp_path))
    directory = tmp_path / "prompts"
    directory.mkdir()
    return directory


def test_every_prompt_is_listed_with_its_purpose(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prompts"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    for line, (name, purpose) in zip(lines, PURPOSES.items(), strict=False):
        assert line.split() == [name, *purpose.split()]
    assert str(own) in lines[-1]
    assert printed.err == ""


def test_a_prompt_is_printed_as_it_is_told(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prompts", "repair"]) == 0
    assert capsys.readouterr().out == default_text("repair") + "\n"
    (own / "repair.md").write_text("Mine: $reasons\n")
    (own / "repair.go.md").write_text("Go: $reasons\n")
    for name, text in (("repair", "Mine"), ("repair.go", "Go"), ("repair.python", "Mine")):
        assert main(["prompts", name]) == 0
        assert capsys.readouterr().out == f"{text}: $reasons\n"


def test_own_prompts_are_marked_and_unusable_ones_are_told(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "route.python.md").write_text("Mine.")
    (own / "repair.md").write_text("No placeholder.")
    assert main(["prompts"]) == 0
    printed = capsys.readouterr()
    (marked,) = (line for line in printed.out.splitlines() if "yours" in line)
    assert marked.startswith("route ")
    assert marked.endswith("[yours: route.python]")
    assert "`$reasons` is missing" in printed.err


@pytest.mark.parametrize("name", ["nope", "../settings", "plan", "", "nope.python"])
def test_an_unknown_name_is_refused(
    own: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["prompts", name]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no prompt" in printed.err
