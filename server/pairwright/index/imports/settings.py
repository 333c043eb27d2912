"""What do settings files say of where modules are? Read from their outlines, like all else.

A file that is broken says what could still be read of it; one that is not there says nothing.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pairwright.index.imports.paths import joined
from pairwright.syntax.packing import BINDING_COLUMNS, PackedOutline
from pairwright.workspace.paths import WorkspacePath

MAX_SETTINGS = 2_000
"""Of one file."""
PNPM_WORKSPACE = "pnpm-workspace.yaml"

_QUALIFIED_NAME = 1
"""Of a symbol's columns."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One string of a settings file."""

    keys: tuple[str, ...]
    """Under which it stands, the outermost first: `compilerOptions`, `paths`, `@/*`."""
    value: str


OutlineOf = Callable[[WorkspacePath], PackedOutline | None]
"""Gives a file's outline; None: it has none."""


def may_hold_settings(path: str) -> bool:
    """Tell by its name whether what a file says may change where modules are."""
    return path.endswith((".json", PNPM_WORKSPACE))


def settings_of(packed: PackedOutline | None) -> tuple[Setting, ...]:
    """Return what a settings file says, in its order."""
    return tuple(_settings(packed)) if packed is not None else ()


def placed(directory: str, written: str) -> str | None:
    """Return a path that a settings file writes; None: it is absolute or out of the workspace."""
    if written.startswith(("/", "\\")) or ":" in written:
        return None
    return joined(directory, written)


def _settings(packed: PackedOutline) -> Iterator[Setting]:
    columns = [packed.binding_column(column) for column in BINDING_COLUMNS]
    if not len(columns[0]):
        return
    names = packed.names
    sections: dict[int, tuple[str, ...]] = {}
    for number, (value, key, _, row) in enumerate(zip(*columns, strict=True)):
        if number == MAX_SETTINGS:
            return
        if row not in sections:
            name = packed.string(packed.symbol_row(row - 1)[_QUALIFIED_NAME]) if row else ""
            outer, _, inner = name.partition(".")
            sections[row] = (outer, inner) if inner else (outer,)
        section, last = sections[row], _unquoted(names[key])
        keys = section if section[-1] == last else (*section, last)
        yield Setting(keys, _unquoted(names[value]))


def _unquoted(written: str) -> str:
    """Return what a string says; the empty string, which is no path, when it says nothing."""
    if not written.startswith('"'):
        return written.strip("'")
    try:
        return str(json.loads(written))
    except ValueError:
        return ""
