"""How does a session begin? `initialize`, from plain JSON: the first answer must come quickly.

Importing the LSP's types takes longer than everything else together, so this module must not need
them; that what it answers is valid LSP is held by a test.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pygls.uris import to_fs_path

from pairwright import __version__
from pairwright.errors import InvalidRequest
from pairwright.lsp.abilities import NO_ABILITIES, Abilities, read_abilities
from pairwright.lsp.code.switches import NOTHING_SAID, Choices, read_choices
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.protocol.commands import CODE_ACTION_KINDS, COMMANDS
from pairwright.protocol.review_commands import REVIEW_COMMANDS

_INCREMENTAL = 2
_FORMATS = ("markdown", "plaintext")


class PositionEncoding(StrEnum):
    """What a position's `character` counts."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    UTF_32 = "utf-32"


@dataclass(frozen=True, slots=True)
class ClientTraits:
    """What a client said of itself."""

    name: str
    encoding: PositionEncoding
    applies_edits: bool
    """Whether it answers `workspace/applyEdit`."""
    checks_versions: bool
    """Whether its edits may name the version that they speak of."""
    nests_symbols: bool
    """Whether it takes a document's symbols inside one another."""
    shows_progress: bool
    """Whether it shows work that we begin by ourselves."""
    diagnoses: bool = False
    """Whether it answers `pairwright/diagnose`."""
    asks: bool = False
    """Whether it answers `window/showMessageRequest`."""
    abilities: Abilities = NO_ABILITIES
    """What it can do with code actions and changes."""
    choices: Choices = NOTHING_SAID
    """Which questions about code it puts to us."""
    reads_markdown: bool = False
    """Whether it shows Markdown when something is pointed at."""
    most_foldings: int | None = None
    """How many folding ranges of a document it takes; None: it does not say."""
    process_id: int | None = None
    """The process whose end is also ours; None: there is none."""

    @property
    def awaits_session(self) -> bool:
        """Whether the session has something to say before it is asked anything."""
        return self.shows_progress or self.choices.awaits_settings


def read_initialize(params: Any, root: Path) -> ClientTraits:
    """Return what `InitializeParams` say.

    Raises:
        ProtocolError: they are not such params.
        InvalidRequest: the client wants another workspace.
    """
    if not isinstance(params, dict) or not isinstance(params.get("capabilities"), dict):
        raise _wrong("capabilities: not an object")
    _require_workspace(params, root)
    workspace = _section(params["capabilities"], "workspace")
    window = _section(params["capabilities"], "window")
    experimental = _section(params["capabilities"], "experimental")
    documents = _section(params["capabilities"], "textDocument")
    symbols = _section(documents, "documentSymbol")
    return ClientTraits(
        name=str(_section(params, "clientInfo").get("name", "unnamed"))[:100],
        encoding=_choose_encoding(_section(params["capabilities"], "general")),
        applies_edits=workspace.get("applyEdit") is True,
        checks_versions=_section(workspace, "workspaceEdit").get("documentChanges") is True,
        nests_symbols=symbols.get("hierarchicalDocumentSymbolSupport") is True,
        shows_progress=window.get("workDoneProgress") is True,
        diagnoses=_section(experimental, "pairwright").get("diagnose") is True,
        asks=isinstance(window.get("showMessage"), dict),
        abilities=read_abilities(params["capabilities"]),
        choices=read_choices(params.get("initializationOptions"), params["capabilities"]),
        reads_markdown=_prefers_markdown(_section(documents, "hover")),
        most_foldings=_count(_section(documents, "foldingRange").get("rangeLimit")),
        process_id=_count(params.get("processId")) or None,
    )


def initialize_result(traits: ClientTraits) -> dict[str, Any]:
    """Return the `InitializeResult` for a client."""
    return {
        "capabilities": {
            "positionEncoding": traits.encoding.value,
            "textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": True},
            **{feature.provider: True for feature in traits.choices.offered},
            "codeActionProvider": _code_action_options(traits.abilities),
            "codeLensProvider": {"resolveProvider": False},
            "executeCommandProvider": {"commands": [*COMMANDS, *REVIEW_COMMANDS]},
            "workspace": {"textDocumentContent": {"schemes": ["pairwright"]}},
        },
        "serverInfo": {"name": "pairwright", "version": __version__},
    }


def _code_action_options(abilities: Abilities) -> Any:
    """Return what LSP 3.17 allows: options only for clients that know code actions' kinds."""
    if not abilities.takes_actions:
        return True
    return {"codeActionKinds": [*CODE_ACTION_KINDS], "resolveProvider": True}


def _choose_encoding(general: dict[str, Any]) -> PositionEncoding:
    offered = general.get("positionEncodings") or []
    if not isinstance(offered, list):
        raise _wrong("capabilities.general.positionEncodings: not an array")
    known = {encoding.value: encoding for encoding in PositionEncoding}
    wanted = (known[name] for name in offered if isinstance(name, str) and name in known)
    return next(wanted, PositionEncoding.UTF_16)


def _prefers_markdown(hover: dict[str, Any]) -> bool:
    formats = hover.get("contentFormat")
    known = [each for each in formats if each in _FORMATS] if isinstance(formats, list) else []
    return known[:1] == ["markdown"]


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _require_workspace(params: dict[str, Any], root: Path) -> None:
    folders = params.get("workspaceFolders") or []
    if not isinstance(folders, list) or not all(isinstance(folder, dict) for folder in folders):
        raise _wrong("workspaceFolders: not an array of objects")
    uris = [params.get("rootUri"), *(folder.get("uri") for folder in folders)]
    wanted = [_path_of(uri) for uri in uris if uri is not None]
    if not wanted and isinstance(params.get("rootPath"), str):
        wanted = [params["rootPath"]]
    if wanted and os.fspath(root) not in (os.path.realpath(path) for path in wanted):
        raise InvalidRequest(
            f"this daemon serves {os.fspath(root)!r} and not {wanted[0]!r}: "
            "connect to the daemon of that workspace"
        )


def _path_of(uri: Any) -> str:
    path = to_fs_path(uri) if isinstance(uri, str) else None
    if not path or "\0" in path:
        raise _wrong("rootUri: not a file URI")
    return path


def _section(owner: dict[str, Any], name: str) -> dict[str, Any]:
    section = owner.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise _wrong(f"{name}: not an object")
    return section


def _wrong(reason: str) -> ProtocolError:
    return ProtocolError(ErrorCode.INVALID_PARAMS, reason)
