"""What must never be read in a log or a message? Secrets that we know, and whatever looks like one.

Known secrets go first, in every form in which they travel; the shapes catch what nobody registered.
"""

import base64
import json
import logging
import re
import urllib.parse
from collections.abc import Mapping

REDACTED = "[redacted]"
_SHORTEST_SECRET = 6
"""Shorter values would blot out ordinary text."""

_SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASSPHRASE", "_CREDENTIALS")

KEY_SHAPES: tuple[re.Pattern[str], ...] = (
    re.compile(r"\bsk-(?:ant-|or-|proj-|svcacct-)?[A-Za-z0-9_-]{16,}"),
    re.compile(r"\bAIza[A-Za-z0-9_-]{30,}"),
    re.compile(r"\bgsk_[A-Za-z0-9]{20,}"),
    re.compile(r"\bxai-[A-Za-z0-9]{20,}"),
    re.compile(r"\bhf_[A-Za-z0-9]{20,}"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"),
    re.compile(r"\bgithub_pat_[A-Za-z0-9_]{30,}"),
    re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"\bnpm_[A-Za-z0-9]{30,}"),
    re.compile(r"\bpypi-[A-Za-z0-9_-]{40,}"),
    re.compile(r"\b(?:sk|rk)_live_[A-Za-z0-9]{16,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
)
"""Keys that say by themselves what they are."""

PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
    r"(?:.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|.*)",
    re.DOTALL,
)

_IN_CONTEXT: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE),
    re.compile(r"(?P<keep>[?&](?:api_?key|key|token|access_token)=)[^&\s\"']+", re.IGNORECASE),
    re.compile(r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)[^/\s@]+(?=@)", re.IGNORECASE),
)
"""Values that only their surroundings give away; the surroundings stay."""


def without_keys(text: str) -> str:
    """Return the text without what is a key by its own shape."""
    text = PRIVATE_KEY.sub(REDACTED, text)
    for shape in KEY_SHAPES:
        text = shape.sub(REDACTED, text)
    return text


class Redactor:
    """Replaces secrets in text; register each secret as soon as it is read."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._known: re.Pattern[str] | None = None

    def register(self, secret: str) -> None:
        """Remember a secret in all its forms; values too short to be one are ignored."""
        if len(secret) < _SHORTEST_SECRET:
            return
        self._forms |= _forms_of(secret)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)))

    def register_environment(self, env: Mapping[str, str]) -> None:
        """Remember the values of all variables whose names speak of secrets."""
        for name, value in env.items():
            if name.upper().endswith(_SECRET_ENDINGS):
                self.register(value)

    def redact(self, text: str) -> str:
        """Return the text without secrets."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        text = without_keys(text)
        for pattern in _IN_CONTEXT:
            text = pattern.sub(rf"\g<keep>{REDACTED}", text)
        return text


PROCESS_REDACTOR = Redactor()
"""Knows this process's own secrets; filled where they are read, at the start."""


class RedactingFormatter(logging.Formatter):
    """Formats like any formatter, then redacts the whole: arguments and tracebacks too."""

    def __init__(
        self, format_: str | None = None, *, redactor: Redactor = PROCESS_REDACTOR
    ) -> None:
        """Format by `format_` as `logging.Formatter` does."""
        super().__init__(format_)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, with its traceback, without secrets."""
        return self._redactor.redact(super().format(record))


def _forms_of(secret: str) -> set[str]:
    raw = secret.encode()
    forms = {
        secret,
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        raw.hex(),
    }
    # In base64 a secret looks different at each of three positions; its ends mix with neighbours.
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[shift] :]
        inner = inner if (len(raw) + shift) % 3 == 0 else inner[:-1]
        if len(inner) >= _SHORTEST_SECRET:
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms
