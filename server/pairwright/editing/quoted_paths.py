"""How does a model write a path? Bare, in quotes or backticks, or as git quotes it."""

import re

_ESCAPE = re.compile(rb'\\(?:([0-3][0-7]{2})|([abtnvfr"\\]))')
_CONTROLS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13}
_QUOTES = "`'\""


def unquoted_path(written: str) -> str:
    """Return the path that is meant; it is unchecked, and may be nonsense."""
    path = written.strip()
    if len(path) < 2 or path[0] not in _QUOTES or path[-1] != path[0]:
        return path
    return _unescaped(path[1:-1]) if path[0] == '"' else path[1:-1]


def _unescaped(quoted: str) -> str:
    """Undo git's escapes: octal bytes of UTF-8, and those of C."""
    if "\\" not in quoted:
        return quoted
    escaped = quoted.encode("utf-8", "surrogatepass")
    try:
        return _ESCAPE.sub(_meant, escaped).decode("utf-8")
    except UnicodeDecodeError:
        # A path with a backslash is refused by whoever checks it.
        return quoted


def _meant(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8)])
    code = _CONTROLS.get(found[2])
    return found[2] if code is None else bytes([code])
