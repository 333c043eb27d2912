"""Does the doctor find what is missing, and name no secret?"""

import json
from pathlib import Path

import pytest

from pairwright.cli import main
from pairwright.daemon.doctor import Finding, Health, examine, to_line
from pairwright.llm.local_servers import LOCAL_SERVERS, FoundServer


def findings(
    root: Path,
    env: dict[str, str] | None = None,
    *,
    found: FoundServer | None = None,
    watches: str = "100000",
) -> dict[str, Finding]:
    """Examine a workspace; by subject."""
    limit = root / "max_user_watches"
    limit.write_text(watches)
    data = {"PAIRWRIGHT_DATA_DIR": str(root / "data"), "PAIRWRIGHT_CONFIG_DIR": str(root)}
    examined = examine(root, {**data, **(env or {})}, find_server=lambda: found, watches=limit)
    return {finding.subject: finding for finding in examined}


def test_what_is_installed_is_good_with_its_version(tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert found["Python"].health is Health.GOOD
    assert (found["pygls"].health, found["pygls"].detail) == (Health.GOOD, "2.1.1")


def test_a_model_that_is_not_there_comes_with_its_command(tmp_path: Path) -> None:
    model = findings(tmp_path)["embedded/qwen2.5-coder-0.5b"]
    assert model.health is Health.ABSENT
    assert model.remedy == "pairwright models pull qwen2.5-coder-0.5b"


def test_keys_are_told_by_name_only(tmp_path: Path) -> None:
    found = findings(tmp_path, {"OPENAI_API_KEY": "very-secret"})
    assert found["OPENAI_API_KEY"].detail == "set, for api.openai.com alone"
    assert found["ANTHROPIC_API_KEY"].health is Health.ABSENT
    assert not any("very-secret" in to_line(finding) for finding in found.values())
    assert "very-secret" not in str(found)


def test_a_local_server_is_named_with_its_models(tmp_path: Path) -> None:
    server = FoundServer(LOCAL_SERVERS[0], ("small", "large"))
    found = findings(tmp_path, found=server)
    assert found["local model server"].detail == "Ollama offers small, large"
    assert found["a model to ask"].health is Health.GOOD


@pytest.mark.parametrize(
    ("limit", "health"),
    [("8192", Health.BAD), ("65536", Health.GOOD), ("nonsense", Health.ABSENT)],
)
def test_the_inotify_limit_is_judged(tmp_path: Path, limit: str, health: Health) -> None:
    assert findings(tmp_path, watches=limit)["inotify"].health is health


def test_settings_that_are_refused_are_bad(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("nonsense = 1\n")
    problem = findings(tmp_path)["settings"]
    assert problem.health is Health.BAD
    assert "nonsense" in problem.detail


def test_an_unsafe_runtime_directory_is_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", str(tmp_path / "open"))
    directory = findings(tmp_path)["runtime directory"]
    assert directory.health is Health.BAD
    assert "chmod 700" in directory.detail


def test_it_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", str(tmp_path / "run"))
    found = findings(tmp_path)
    assert found["runtime directory"] == Finding(
        Health.GOOD, "runtime directory", str(tmp_path / "run")
    )
    assert found["state directory"].health is Health.GOOD
    assert [path.name for path in tmp_path.iterdir()] == ["max_user_watches"]


def test_a_relative_runtime_directory_is_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIRWRIGHT_RUNTIME_DIR", "relative")
    directory = findings(tmp_path)["runtime directory"]
    assert directory.health is Health.BAD
    assert "not an absolute path" in directory.detail


def test_a_relative_configuration_directory_is_bad(tmp_path: Path) -> None:
    problem = findings(tmp_path, {"PAIRWRIGHT_CONFIG_DIR": "here"})["settings"]
    assert problem == Finding(
        Health.BAD, "settings", "PAIRWRIGHT_CONFIG_DIR is not an absolute path: 'here'"
    )


def test_what_another_program_says_is_one_line_and_cannot_command_the_terminal(
    tmp_path: Path,
) -> None:
    server = FoundServer(LOCAL_SERVERS[0], ("small\x1b[2J\n✓ a model: fine",))
    found = findings(tmp_path, found=server)
    line = to_line(found["local model server"])
    assert line.endswith(r"offers small\x1b[2J ✓ a model: fine")


def test_a_line_has_its_remedy_below() -> None:
    assert to_line(Finding(Health.BAD, "a", "gone", "mend it")) == "✗ a: gone\n    mend it"
    assert to_line(Finding(Health.ABSENT, "a", "none")) == "– a: none"


def test_the_command_answers_with_lines_or_json_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    code = main(["doctor", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert code == int(any(finding["health"] == Health.BAD for finding in listed))
    (tmp_path / "pyproject.toml").write_text("[tool.pairwright]\nstrategy = 'strong'\n")
    assert main(["doctor"]) == 1
    assert "✗ settings: pyproject.toml: strategy" in capsys.readouterr().out
