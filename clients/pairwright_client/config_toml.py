"""How is a table put into TOML, and all else left as it is? As text, proven by the parser.

Pure: text in, text out. Comments and order stay, since only the lines of the entry change.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pairwright_client.config_jsonc import Broken

_HEADER = re.compile(r"^[ \t]*\[", re.M)


def merged(text: str, keys: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """Return the text with the entry's values in its table.

    Raises:
        Broken: it is no TOML, or the entry is written in a way that cannot be changed safely.
    """
    expected = _read(text)
    table = expected
    for key in keys:
        if not isinstance(table, dict):
            raise Broken(f"no table lies around {key!r}")
        is_new = key not in table
        table = table.setdefault(key, {})
    if not isinstance(table, dict):
        raise Broken(f"{keys[-1]!r} is no table")
    table.update(entry)
    newline = "\r\n" if "\r\n" in text else "\n"
    if is_new:
        gap = newline if text.strip() else ""
        end = "" if not text or text.endswith("\n") else newline
        changed = text + end + gap + snippet(keys, entry).replace("\n", newline)
    else:
        changed = _with_values(text, keys, entry, newline)
    if _read(changed) != expected:
        raise Broken(f"[{'.'.join(keys)}] is written in a way that cannot be changed safely")
    return changed


def snippet(keys: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """Return the table alone."""
    return "".join(f"{line}\n" for line in (f"[{'.'.join(keys)}]", *_lines(entry)))


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Broken(f"it is no TOML: {error}") from None


def _with_values(text: str, keys: tuple[str, ...], entry: Mapping[str, Any], newline: str) -> str:
    name = r"\s*\.\s*".join(rf"[\"']?{re.escape(key)}[\"']?" for key in keys)
    header = re.search(rf"^[ \t]*\[\s*{name}\s*\][^\n]*(?:\n|\Z)", text, re.M)
    if header is None:
        return text  # Inline or dotted: found out by the comparison.
    following = _HEADER.search(text, header.end())
    last = following.start() if following else len(text)
    head, body, tail = text[: header.end()], text[header.end() : last], text[last:]
    for name, value in entry.items():
        line = f"{name} = {_value(value)}"
        found = re.search(rf"^[ \t]*{name}[ \t]*=[^\n\r]*", body, re.M)
        at, end = found.span() if found else (0, 0)
        body = f"{body[:at]}{line}{'' if found else newline}{body[end:]}"
    return head + body + tail


def _lines(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{name} = {_value(value)}" for name, value in entry.items())


def _value(value: Any) -> str:
    # For texts, lists of texts, numbers and booleans JSON is TOML, DEL aside.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
