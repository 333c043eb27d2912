"""Which assistants can be told of us, and where does each keep what it is told?"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Format = Literal["jsonc", "toml", "yaml"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one assistant's file must say."""

    path: Path
    format: Format
    keys: tuple[str, ...]
    """Under which names the entry lies, from the outermost."""
    entry: Mapping[str, Any]
    """The entry's own values; others that lie there stay."""
    newer: tuple[str, ...] = ()
    """Where its entries lie in a file that is written in a newer way; the older is read as well."""


ASSISTANTS = (
    "claude-code",
    "codex",
    "continue",
    "cursor",
    "gemini",
    "goose",
    "opencode",
    "vscode",
    "zed",
)
"""How `pairwright mcp install` names them."""

_NAME = "pairwright"
_FOLDER = "${workspaceFolder}"
"""Editors fill it in; the others start us in the workspace."""


def configuration(
    assistant: str, command: str, *, home: Path, env: Mapping[str, str]
) -> Configuration:
    """Return what tells an assistant to start `command`; nothing is read but where files lie."""
    config = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    plain = {"command": command, "args": ["mcp"]}
    match assistant:
        case "claude-code":
            path = Path(env.get("CLAUDE_CONFIG_DIR") or home) / ".claude.json"
            return _servers(path, "mcpServers", {"type": "stdio", **plain})
        case "codex":
            path = Path(env.get("CODEX_HOME") or home / ".codex") / "config.toml"
            return Configuration(path, "toml", ("mcp_servers", _NAME), plain)
        case "continue":
            path = home / ".continue" / "mcpServers" / f"{_NAME}.json"
            return _servers(path, "mcpServers", plain)
        case "cursor":
            return _servers(home / ".cursor" / "mcp.json", "mcpServers", _in_folder(command))
        case "gemini":
            return _servers(home / ".gemini" / "settings.json", "mcpServers", plain)
        case "goose":
            path = config / "goose" / "config.yaml"
            return Configuration(path, "yaml", ("extensions", _NAME), _for_goose(command))
        case "opencode":
            with_comments = config / "opencode" / "opencode.jsonc"
            is_there = with_comments.exists()
            path = with_comments if is_there else config / "opencode" / "opencode.json"
            started = {"type": "local", "command": [command, "mcp"]}
            # Its second generation has them one level further down, and reads both.
            return Configuration(path, "jsonc", ("mcp", _NAME), started, ("mcp", "servers", _NAME))
        case "vscode":
            return _servers(_vscode_user(home, config), "servers", _in_folder(command))
        case "zed":
            return _servers(config / "zed" / "settings.json", "context_servers", plain)
    raise ValueError(assistant)


def _servers(path: Path, section: str, entry: Mapping[str, Any]) -> Configuration:
    return Configuration(path, "jsonc", (section, _NAME), entry)


def _in_folder(command: str) -> Mapping[str, Any]:
    return {"type": "stdio", "command": command, "args": ["mcp", "--workspace", _FOLDER]}


def _for_goose(command: str) -> Mapping[str, Any]:
    started = {"type": "stdio", "cmd": command, "args": ["mcp"]}
    return {"name": _NAME, **started, "enabled": True, "timeout": 300}


def _vscode_user(home: Path, config: Path) -> Path:
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Code" / "User" / "mcp.json"
    return config / "Code" / "User" / "mcp.json"
