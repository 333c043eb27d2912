"""What may a terminal be shown? Text without anything that it would obey.

Whatever models, tools and files say is passed through `visible` first: a terminal obeys control
characters, and a reviewer must see what is there.
"""

import re

_CONTROL = re.compile(
    # C0 but tab and line feed, DEL, C1, lone surrogates, and what reorders or hides text.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def visible(text: str) -> str:
    """Return the text with every control character written out, such as `\\x1b`."""
    return _CONTROL.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
