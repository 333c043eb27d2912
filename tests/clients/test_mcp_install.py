"""Does each assistant's file name us afterwards, and still say all that it said?"""

import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from pairwright_client.assistants import ASSISTANTS, configuration
from pairwright_client.config_jsonc import read
from pairwright_client.errors import UsageError
from pairwright_client.mcp_install import BACKUP_ENDING, install

STARTED = {"command": "/bin/pairwright", "args": ["mcp"]}
IN_FOLDER = {
    "type": "stdio",
    "command": "/bin/pairwright",
    "args": ["mcp", "--workspace", "${workspaceFolder}"],
}


SAMPLES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "claude-code": (
        ".claude.json",
        '{"numStartups": 7, "mcpServers": {"other": {"command": "npx"}}, "projects": {"/x": {}}}',
        {"mcpServers": {"pairwright": {"type": "stdio", **STARTED}}},
    ),
    "codex": (
        ".codex/config.toml",
        '# mine\nmodel = "gpt-5"\n\n[mcp_servers.other]\ncommand = "npx"\n',
        {"mcp_servers": {"pairwright": STARTED}},
    ),
    "continue": (
        ".continue/mcpServers/pairwright.json",
        '{"mcpServers": {"other": {"command": "npx"}}}',
        {"mcpServers": {"pairwright": STARTED}},
    ),
    "cursor": (
        ".cursor/mcp.json",
        '{\n  "mcpServers": {\n    "other": {"command": "npx"}\n  }\n}\n',
        {"mcpServers": {"pairwright": IN_FOLDER}},
    ),
    "gemini": (
        ".gemini/settings.json",
        '{\n  // dark\n  "ui": {"theme": "GitHub"},\n  "security": {"auth": {}}\n}\n',
        {"mcpServers": {"pairwright": STARTED}},
    ),
    "goose": (
        ".config/goose/config.yaml",
        "GOOSE_MODEL: gpt  # mine\nextensions:\n  developer:\n    enabled: true\n",
        {
            "extensions": {
                "pairwright": {
                    "name": "pairwright",
                    "type": "stdio",
                    "cmd": "/bin/pairwright",
                    "args": ["mcp"],
                    "enabled": True,
                    "timeout": 300,
                }
            }
        },
    ),
    "opencode": (
        ".config/opencode/opencode.json",
        '{\n  "theme": "x",\n  "mcp": {"other": {"type": "local"}}\n}',
        {"mcp": {"pairwright": {"type": "local", "command": ["/bin/pairwright", "mcp"]}}},
    ),
    "vscode": (
        ".config/Code/User/mcp.json",
        '{\n\t"servers": {},\n\t"inputs": [] // none\n}\n',
        {"servers": {"pairwright": IN_FOLDER}},
    ),
    "zed": (
        ".config/zed/settings.json",
        '// Zed settings\n{\n  "theme": "One",\n  "context_servers": {"other": {}},\n}\n',
        {"context_servers": {"pairwright": STARTED}},
    ),
}
"""Of each assistant: its file, what may lie there, and what is to be added."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path / "person"


def put(home: Path, assistant: str, text: str) -> Path:
    path = home / SAMPLES[assistant][0]
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return path


def run(home: Path, assistant: str, *, is_written: bool = True) -> int:
    return install(assistant, is_written=is_written, command="/bin/pairwright", home=home, env={})


def data_in(path: Path, text: str) -> Any:
    match path.suffix:
        case ".toml":
            return tomllib.loads(text)
        case ".yaml":
            return yaml.safe_load(text)
    return read(text)


def both(before: Any, added: Any) -> Any:
    if not (isinstance(before, dict) and isinstance(added, dict)):
        return added
    return {**before, **{key: both(before.get(key), value) for key, value in added.items()}}


def test_every_assistant_has_a_sample() -> None:
    assert tuple(SAMPLES) == ASSISTANTS


@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_its_file_names_us_and_says_all_that_it_said(home: Path, assistant: str) -> None:
    _, before, added = SAMPLES[assistant]
    path = put(home, assistant, before)
    assert run(home, assistant) == 0
    after = path.read_text("utf-8")
    assert data_in(path, after) == both(data_in(path, before), added)
    for comment in ("# mine", "// dark", "// none", "// Zed settings"):
        assert (comment in after) == (comment in before)
    assert path.with_name(path.name + BACKUP_ENDING).read_text("utf-8") == before


OPENCODE = {"type": "local", "command": ["/bin/pairwright", "mcp"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"mcp": {"servers": {}}}', {"mcp": {"servers": {"pairwright": OPENCODE}}}),
        (
            '{"mcp": {"servers": {"other": {"type": "local"}}, "timeout": {"startup": 5}}}',
            {
                "mcp": {
                    "servers": {"other": {"type": "local"}, "pairwright": OPENCODE},
                    "timeout": {"startup": 5},
                }
            },
        ),
        (
            '{"mcp": {"servers": {"type": "local", "command": ["x"]}}}',
            {"mcp": {"servers": {"type": "local", "command": ["x"]}, "pairwright": OPENCODE}},
        ),
        ('{"mcp": {"servers": 1}}', {"mcp": {"servers": 1, "pairwright": OPENCODE}}),
        ('{"mcp": {}}', {"mcp": {"pairwright": OPENCODE}}),
        ("// nothing yet\n{}", {"mcp": {"pairwright": OPENCODE}}),
    ],
)
def test_opencodes_file_is_added_to_in_the_way_in_which_it_is_written(
    home: Path, before: str, after: dict[str, Any]
) -> None:
    path = put(home, "opencode", before)
    for _ in range(2):
        run(home, "opencode")
        assert read(path.read_text("utf-8")) == after


@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_a_file_that_is_not_there_is_made_for_the_person_alone(home: Path, assistant: str) -> None:
    run(home, assistant)
    path = home / SAMPLES[assistant][0]
    assert data_in(path, path.read_text("utf-8")) == SAMPLES[assistant][2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_to_write_it_twice_changes_nothing(
    home: Path, assistant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(home, assistant, SAMPLES[assistant][1])
    run(home, assistant)
    first, told = path.stat(), capsys.readouterr().out
    run(home, assistant)
    assert path.stat().st_ino == first.st_ino
    assert "names pairwright now" in told
    assert "names pairwright already" in capsys.readouterr().out


@pytest.mark.parametrize("assistant", ASSISTANTS)
@pytest.mark.parametrize("broken", [b"{ broken", b"\xff\xfe{}", b"[[["])
def test_a_broken_file_is_refused_and_not_touched(
    home: Path, assistant: str, broken: bytes
) -> None:
    path = put(home, assistant, "")
    path.write_bytes(broken)
    with pytest.raises(UsageError, match="is not touched"):
        run(home, assistant)
    assert path.read_bytes() == broken
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("assistant", ASSISTANTS)
def test_without_write_it_is_shown_and_nothing_is_made(
    home: Path, assistant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(home, assistant, is_written=False)
    heading, _, snippet = capsys.readouterr().out.partition(":\n\n")
    path = home / SAMPLES[assistant][0]
    assert heading == f"in {path}"
    assert data_in(path, snippet) == SAMPLES[assistant][2]
    assert not home.exists()


def test_a_link_stays_one_and_the_file_it_names_is_changed(home: Path) -> None:
    path = put(home, "cursor", "")
    target = home / "dotfiles.json"
    target.write_text("{}", "utf-8")
    target.chmod(0o640)
    path.unlink()
    path.symlink_to(target)
    run(home, "cursor")
    assert path.is_symlink()
    assert "pairwright" in json.loads(target.read_text("utf-8"))["mcpServers"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_what_is_no_file_is_refused(home: Path) -> None:
    path = home / SAMPLES["cursor"][0]
    path.mkdir(parents=True)
    with pytest.raises(UsageError, match="is no file"):
        run(home, "cursor")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_is_told(home: Path) -> None:
    path = put(home, "cursor", "{}")
    path.parent.chmod(0o500)
    with pytest.raises(UsageError, match="cannot write"):
        run(home, "cursor")
    path.parent.chmod(0o700)


def test_each_assistants_own_variables_name_another_place(home: Path) -> None:
    env = {"CODEX_HOME": "/c", "CLAUDE_CONFIG_DIR": "/d", "XDG_CONFIG_HOME": "/x"}

    def path_of(assistant: str) -> str:
        return str(configuration(assistant, "p", home=home, env=env).path)

    assert path_of("codex") == "/c/config.toml"
    assert path_of("claude-code") == "/d/.claude.json"
    assert path_of("zed") == "/x/zed/settings.json"


def test_opencodes_file_with_comments_is_taken_when_it_is_there(home: Path) -> None:
    path = put(home, "opencode", "{}").with_name("opencode.jsonc")
    path.write_text("{ /* mine */ }", "utf-8")
    run(home, "opencode")
    assert "pairwright" in read(path.read_text("utf-8"))["mcp"]
