"""How is an entry put into Goose's YAML, and all else left as it is? Line by line, or not at all.

Pure: text in, text out. No parser of YAML is installed with the client: only a plain layout is
touched, of one mapping whose children are indented; anything else is the person's to change.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from pairwright_client.config_jsonc import Broken

_TOP = re.compile(r"(?:[A-Za-z_][\w.-]*|\"[^\"]+\"|'[^']+'):(?:\s|$)")
_OTHER_LINE = re.compile(r"(?:\s*$|\s*#|[ ]+\S|- |-$)")


def merged(text: str, keys: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """Return the text with the entry in its section.

    Raises:
        Broken: the text is not laid out plainly, or the section has such an entry already.
    """
    section, name = keys
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    _check_layout(lines)
    added = snippet(keys, entry).splitlines()
    tops = [at for at, line in enumerate(lines) if line.startswith(f"{section}:")]
    if len(tops) > 1:
        raise Broken(f"{section!r} stands twice")
    if not tops:
        return newline.join([*lines, *added, ""])
    at = tops[0]
    inside = lines[at].partition(":")[2].partition(" #")[0].strip()
    end = _end_of_block(lines, at)
    if inside == "{}" and end == at + 1:
        lines[at] = f"{section}:"
    elif inside:
        raise Broken(f"{section!r} is written in one line")
    children = [line for line in lines[at + 1 : end] if line.strip() and line.strip()[0] != "#"]
    indent = _indent(children[0]) if children else 2
    if end < len(lines) and lines[end].startswith("-"):
        raise Broken(f"{section!r} is no mapping")
    for line in children:
        if _indent(line) == indent and line.strip().partition(":")[0].strip("\"'") == name:
            if _block_of(lines, line, indent) == _block(name, entry, indent):
                return text
            raise Broken(f"{section!r} has an entry {name!r} already: change it there")
    lines[at + 1 : at + 1] = _block(name, entry, indent)
    return newline.join([*lines, ""])


def snippet(keys: tuple[str, ...], entry: Mapping[str, Any]) -> str:
    """Return the section with this entry alone."""
    section, name = keys
    return "".join(f"{line}\n" for line in (f"{section}:", *_block(name, entry, 2)))


def _block(name: str, entry: Mapping[str, Any], indent: int) -> list[str]:
    # In one line all JSON is YAML.
    values = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
    return [" " * indent + f"{name}:", *(" " * (indent + 2) + value for value in values)]


def _block_of(lines: list[str], first: str, indent: int) -> list[str]:
    at = lines.index(first)
    end = next(
        (
            number
            for number, line in enumerate(lines[at + 1 :], at + 1)
            if line.strip() and _indent(line) <= indent
        ),
        len(lines),
    )
    return [line.rstrip() for line in lines[at:end] if line.strip()]


def _check_layout(lines: list[str]) -> None:
    for number, line in enumerate(lines, 1):
        is_start = number == 1 and line.lstrip("\ufeff").rstrip() == "---"
        is_plain = _TOP.match(line.lstrip("\ufeff")) or _OTHER_LINE.match(line)
        if not (is_start or is_plain) or "\t" in line[: len(line) - len(line.lstrip())]:
            raise Broken(f"its layout is not understood at line {number}")


def _end_of_block(lines: list[str], at: int) -> int:
    return next(
        (
            number
            for number, line in enumerate(lines[at + 1 :], at + 1)
            if line.strip() and _indent(line) == 0 and not line.startswith("#")
        ),
        len(lines),
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
