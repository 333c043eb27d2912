"""Can what was called before still be called in the same way? Told from two signatures' texts.

For languages that write parameters between round brackets, with `=`, `?` or stars at those that
may be left out.
"""

import re

_OPENING, _CLOSING = "([{<", ")]}>"
_OPTIONAL = re.compile(r"\s*(?:\*|\.\.\.|(?:[\w$]+\s+)*[\w$]+\s*\?)")
_ONLY_NAMED = re.compile(r"\s*\*\s*(?:[A-Za-z_]\w*\s*(?::.*)?)?$", re.DOTALL)
_OWN_OBJECT = frozenset({"self", "cls", "&self", "&mut self", "mut self"})
_MOST_SHOWN = 40
_ARROW = re.compile(r"[-=]>")


def accepts_as_much(old: str, new: str, name: str) -> bool:
    """Tell whether a new signature takes every call that the old one takes.

    Parameters may be added that can be left out: at the end, or where they are only given by name.

    Args:
        old: a signature.
        new: the one in its place.
        name: whose both are.
    """
    before, after = _parts(old, name), _parts(new, name)
    if before is None or after is None or (before[0], before[2]) != (after[0], after[2]):
        return False
    old_parameters, new_parameters = before[1], list(after[1])
    at, are_named = 0, False
    for parameter in old_parameters:
        while at < len(new_parameters) and new_parameters[at] != parameter:
            is_free = are_named or parameter.startswith("**")
            if not (is_free and _may_be_left_out(new_parameters[at])):
                return False
            at += 1
        if at == len(new_parameters):
            return False
        are_named = are_named or _ONLY_NAMED.fullmatch(parameter) is not None
        at += 1
    return all(_may_be_left_out(each) for each in new_parameters[at:])


def shown_call(signature: str, name: str, shown_as: str) -> str:
    """Return a definition as a person would speak of it: `Stack.push(item)`; no long list."""
    parts = _parts(" ".join(signature.split()), name)
    if parts is None:
        return shown_as
    names = [each for each in parts[1] if each not in _OWN_OBJECT]
    shown = ", ".join(re.split(r"[:=]", each)[0].strip() for each in names)
    return f"{shown_as}({shown if len(shown) <= _MOST_SHOWN else '…'})"


def _parts(signature: str, name: str) -> tuple[str, tuple[str, ...], str] | None:
    """Return what stands before the parameters, these, and what stands after them."""
    start = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", signature)
    opened = signature.find("(", start.end()) if start else -1
    if opened < 0:
        return None
    parameters: list[str] = []
    depth, at = 0, opened + 1
    arrows = {match.start() + 1 for match in _ARROW.finditer(signature)}
    quote = ""
    for place in range(opened, len(signature)):
        character = signature[place]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'`":
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING and place not in arrows:
            depth -= 1
            if not depth:
                last = signature[at:place].strip()
                return (
                    signature[:opened],
                    (*parameters, *([last] if last else [])),
                    (signature[place + 1 :]),
                )
        elif character == "," and depth == 1:
            parameters.append(signature[at:place].strip())
            at = place + 1
    return None


def _may_be_left_out(parameter: str) -> bool:
    has_default = "=" in _ARROW.sub("", parameter).replace("==", "")
    return has_default or _OPTIONAL.match(parameter) is not None
