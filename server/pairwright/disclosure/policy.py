"""What may a model be shown? Not what holds secrets, and nothing that a person cannot see.

A name or a text is enough to withhold a file. Text is cleaned of invisible characters, which can
carry instructions that only a model reads.
"""

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from pairwright.disclosure.redaction import KEY_SHAPES, PRIVATE_KEY

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
    if PRIVATE_KEY.search(text):
        return "it holds a private key"
    if any(shape.search(text) for shape in KEY_SHAPES):
        return "it holds what looks like a secret key"
    return None


def clean_for_model(text: str) -> str:
    """Return the text without characters that nobody sees: tags, direction marks, zero width."""
    return _LOOSE_JOINER.sub("", _INVISIBLE.sub("", text))
