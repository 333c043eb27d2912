"""What may a model be shown? Not what holds secrets, and nothing that a person cannot see.

A name or a text is enough to withhold a file: it is left out whole, because a model that reads a
file with holes would write the holes back. Text is cleaned of invisible characters, which can carry
instructions that only a model reads.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from pairwright.disclosure.redaction import PROCESS_REDACTOR, Redactor, without
from pairwright.disclosure.secrets import Finding, find_secrets
from pairwright.workspace.ignore import IGNORE_FILES, IgnoreRules

_SECRET_NAMES = (
    ".env",
    ".env.*",
    "*.env",
    ".envrc",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.ppk",
    "*.gpg",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    ".git-credentials",
    "credentials",
    "credentials.json",
    "credentials.y*ml",
    "credentials.toml",
    "client_secret*.json",
    "service-account*.json",
    "service_account*.json",
    "secrets.json",
    "secrets.y*ml",
    "secrets.toml",
    "secrets.env",
    "*.tfvars",
    "*.tfstate",
    "*.tfstate.backup",
    "kubeconfig",
    ".dockerconfigjson",
)
_SECRET_FOLDERS = frozenset({".ssh", ".aws", ".gnupg", ".azure", ".kube", ".docker", ".git"})
_EXAMPLE_NAMES = ("*.example", "*.sample", "*.template", "*.dist", "*.pub")
"""Made to be shown; their text is still looked at."""

_INVISIBLE = re.compile(
    "["
    "\u00ad"  # soft hyphen
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff"  # zero width
    "\u115f\u1160\u3164\uffa0"  # blank letters
    "\ufff9-\ufffb"  # annotations
    "\U000e0000-\U000e0fff"  # tags, and variation selectors that can spell bytes
    "]"
)
_MOST_NAMED = 3
# Between letters of scripts that need them, and inside emoji, joiners are part of the writing.
_LOOSE_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")


def withheld_reason(path: str, text: str) -> str | None:
    """Return why no model may see the file, None when one may.

    Args:
        path: relative to the workspace, with forward slashes.
        text: what the file holds.
    """
    parts = PurePosixPath(path.casefold()).parts
    name = parts[-1] if parts else ""
    if not _SECRET_FOLDERS.isdisjoint(parts[:-1]):
        return "it lies in a folder that holds secrets"
    is_example = any(fnmatchcase(name, pattern) for pattern in _EXAMPLE_NAMES)
    if not is_example and any(fnmatchcase(name, pattern) for pattern in _SECRET_NAMES):
        return "files of that name hold secrets"
    # As it is and as a model would read it: a key may hide behind what nobody sees.
    return _why_secret(path, find_secrets(path)) or _why_secret(text, _found_in(text))


Withheld = Callable[[str, str], str | None]
"""Says of a path and a text why no model may see the file, None when one may."""
ReadIgnoreFile = Callable[[str], str | None]
"""Gives the text of an ignore file by its path below the root; None when there is none."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that may be shown, and what was taken out of it."""

    text: str
    secrets: int
    """How many stand as `[redacted]` now."""
    hidden: str
    """The invisible characters that are gone, in words; empty when there were none."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is withheld in one workspace: by the built-in rules, by the person, by known secrets."""

    never: tuple[str, ...] = ()
    """The person's own patterns, in the syntax of `.gitignore`."""
    redactor: Redactor = PROCESS_REDACTOR
    """Knows the secrets of this process."""
    read_ignore_file: ReadIgnoreFile = field(default=lambda path: None)

    def withheld(self, path: str, text: str) -> str | None:
        """Return why no model and no answer may show the file, None when they may.

        A rule of any source withholds; none of another can show what one withholds.
        """
        return withheld_reason(path, text) or self.withheld_for_now(path, text)

    def withheld_for_now(self, path: str, text: str) -> str | None:
        """Return why the file is withheld by rules that may change while its text does not."""
        return self.withheld_for_secrets(path, text) or self.withheld_for_names(path)

    def withheld_for_secrets(self, path: str, text: str) -> str | None:
        """Return why the file is withheld by the secrets that `redactor` knows by now."""
        if self.redactor.find(text) or self.redactor.find(path):
            return "it holds a secret of this process's environment"
        return None

    def withheld_for_names(self, path: str) -> str | None:
        """Return why the file is withheld by patterns that a person writes down."""
        if self.never and _is_ignored(path, lambda name: "\n".join(self.never), is_own=True):
            return "your setting disclosure.never names it"
        if _is_ignored(path, self.read_ignore_file, is_own=False):
            return "an ignore file of the workspace names it"
        return None

    def cleaned(self, text: str) -> Cleaned:
        """Return what of a text may be shown: to a model, or out in an answer of any face.

        What is not whole files goes through here; it is as it was when nothing was found, and
        cleaned once more it stays as it is.
        """
        shown = clean_for_model(text)
        findings = self.find(shown)
        return Cleaned(without(shown, findings), len(findings), hidden_characters(text))

    def find(self, text: str) -> tuple[Finding, ...]:
        """Return the secrets in a text: by their shape, and those that are known."""
        known = self.redactor.find(text)
        shaped = find_secrets(text)
        if not known:
            return shaped
        merged: list[Finding] = []
        for each in sorted((*known, *shaped), key=lambda found: (found.start, -found.end)):
            if merged and each.start < merged[-1].end:
                if each.end > merged[-1].end:
                    merged[-1] = Finding(merged[-1].start, each.end, merged[-1].kind)
                continue
            merged.append(each)
        return tuple(merged)


def _why_secret(text: str, findings: Iterable[Finding]) -> str | None:
    for finding in findings:
        line = text.count("\n", 0, finding.start) + 1
        if finding.kind == "a private key":
            return f"line {line} begins a private key"
        return f"line {line} holds what looks like a secret: {finding.kind}"
    return None


def _found_in(text: str) -> tuple[Finding, ...]:
    found = find_secrets(text)
    if found:
        return found
    cleaned = clean_for_model(text)
    return find_secrets(cleaned) if cleaned != text else ()


def _is_ignored(path: str, read: ReadIgnoreFile, *, is_own: bool) -> bool:
    """Tell whether ignore files from the root down to the path's directory name it.

    With `is_own` one text, as of a `.gitignore` at the root, is all there is.
    """
    rules = IgnoreRules()
    parts = path.split("/")
    for depth in range(len(parts)):
        directory = "/".join(parts[:depth])
        if depth and rules.ignores_directory(directory):
            return True
        if not (depth and is_own):
            rules = rules.entering(directory, _reader_at(directory, read, is_own=is_own))
    return rules.ignores_file(path)


def _reader_at(directory: str, read: ReadIgnoreFile, *, is_own: bool) -> ReadIgnoreFile:
    names = IGNORE_FILES[:1] if is_own else IGNORE_FILES
    prefix = f"{directory}/" if directory else ""
    return lambda name: read(prefix + name) if name in names else None


def clean_for_model(text: str) -> str:
    """Return the text without characters that nobody sees: tags, direction marks, zero width."""
    if text.isascii():  # none of them is; most texts are, and this is a hundred times as fast
        return text
    return _LOOSE_JOINER.sub("", _INVISIBLE.sub("", text))


def hidden_characters(text: str) -> str:
    """Return what `clean_for_model` takes out, in words for a person; empty when it is nothing.

    A byte order mark at the beginning is part of how a file is stored, and not worth a word.
    """
    if text.isascii():
        return ""
    text = text.removeprefix("\ufeff")
    found = Counter(character for run in _INVISIBLE.findall(text) for character in run)
    found.update(character for run in _LOOSE_JOINER.findall(text) for character in run)
    if not found:
        return ""
    total = found.total()
    named = ", ".join(_describe(character) for character, _ in found.most_common(_MOST_NAMED))
    more = ", ..." if len(found) > _MOST_NAMED else ""
    return f"{total} invisible character{'s' if total > 1 else ''} ({named}{more})"


def _describe(character: str) -> str:
    name = unicodedata.name(character, "unnamed").lower()
    return f"U+{ord(character):04X} {name}"
