"""What must never be read in a log or a message? Secrets that we know, and whatever looks like one.

Known secrets go first, in every form in which they travel; the shapes catch what nobody registered.
"""

import base64
import json
import logging
import re
import urllib.parse
from collections.abc import Iterable, Mapping

from pairwright.disclosure.secrets import Finding, find_secrets

REDACTED = "[redacted]"
_SHORTEST_SECRET = 6
"""Shorter values would blot out ordinary text."""
_SHORTEST_TELLING = 10

_SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASSPHRASE", "_CREDENTIALS")

_IN_CONTEXT: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE),
    re.compile(r"(?P<keep>[?&](?:api_?key|key|token|access_token)=)[^&\s\"']+", re.IGNORECASE),
    re.compile(r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)[^/\s@]+(?=@)", re.IGNORECASE),
)
"""Values that only their surroundings give away; the surroundings stay."""


def without_keys(text: str) -> str:
    """Return the text without what looks like a secret."""
    return without(text, find_secrets(text))


def without(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each finding replaced; they are in order and apart."""
    parts: list[str] = []
    end = 0
    for finding in findings:
        parts += (text[end : finding.start], REDACTED)
        end = finding.end
    return "".join((*parts, text[end:])) if parts else text


class Redactor:
    """Replaces secrets in text; register each secret as soon as it is read."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self._telling: re.Pattern[str] | None = None
        self._telling_forms: set[str] = set()

    def register(self, secret: str) -> None:
        """Remember a secret in all its forms; values too short to be one are ignored."""
        if len(secret) < _SHORTEST_SECRET:
            return
        self._forms |= _forms_of(secret)
        self._known = _any_of(self._forms)
        if _is_telling(secret):
            self._telling_forms |= _forms_of(secret)
            self._telling = _any_of(self._telling_forms)

    @property
    def version(self) -> int:
        """Another number as soon as `find` may find more; it never finds less."""
        return len(self._telling_forms)

    def register_environment(self, env: Mapping[str, str]) -> None:
        """Remember the values of all variables whose names speak of secrets."""
        for name, value in env.items():
            if name.upper().endswith(_SECRET_ENDINGS):
                self.register(value)

    def is_in(self, text: str) -> bool:
        """Tell whether a text holds a registered secret, or what is a key by its own shape."""
        is_known = self._known is not None and self._known.search(text) is not None
        return is_known or without_keys(text) != text

    def find(self, text: str) -> tuple[Finding, ...]:
        """Return where a known secret stands, in any form.

        Those that could as well be a word, as a password "postgres", are left out: in a log each
        is replaced, but no file is kept from models because it holds that word.
        """
        if self._telling is None:
            return ()
        return tuple(
            Finding(match.start(), match.end(), "a secret of this process's environment")
            for match in self._telling.finditer(text)
        )

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


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _is_telling(secret: str) -> bool:
    """Tell whether a text that holds this can only have it from us."""
    if len(secret) < _SHORTEST_TELLING or secret.startswith(("/", "~", "./")):
        return False
    kinds = (str.isdigit, str.isalpha)
    return all(any(kind(each) for each in secret) for kind in kinds)


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
