"""What `pairwright prompts` prints."""

from pathlib import Path

import pytest

from pairwright.cli import main
from pairwright.protocol.rendezvous import state_dir
from pairwright.strategies.wording import PURPOSES, default_text


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAIRWRIGHT_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("PAIRWRIGHT_STATE_DIR", str(tmp_path / "state"))
    directory = tmp_path / "prompts"
    directory.mkdir()
    return directory


def test_every_prompt_is_listed_with_its_purpose(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prompts"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    for line, (name, purpose) in zip(lines, PURPOSES.items(), strict=False):
        assert line.split() == [name, *purpose.split()]
    assert str(own) in lines[-2]
    assert str(tmp_path / "state") in lines[-1]
    assert not (tmp_path / "state").exists()
    assert printed.err == ""


def test_a_prompt_is_printed_as_it_is_told(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prompts", "repair"]) == 0
    assert capsys.readouterr().out == default_text("repair") + "\n"
    (own / "repair.md").write_text("Mine: $reasons\n")
    (own / "repair.go.md").write_text("Go: $reasons\n")
    for name, text in (("repair", "Mine"), ("repair.go", "Go"), ("repair.python", "Mine")):
        assert main(["prompts", name]) == 0
        assert capsys.readouterr().out == f"{text}: $reasons\n"


def test_a_prompt_for_this_workspace_is_told(
    own: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = state_dir(tmp_path) / "prompts"
    here.mkdir()
    (own / "route.md").write_text("Everywhere.")
    (here / "route.md").write_text("Here.")
    assert main(["prompts", "route"]) == 0
    assert capsys.readouterr().out == "Here.\n"


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
