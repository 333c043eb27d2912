"""Where could a secret be that must never come out? Canaries, each in a place of its own.

A canary sings in a form that it was not planted in, too: in base64, in hexadecimal, in an address.
"""

import base64
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.engines import write_files


def canary(number: int, head: str = "") -> str:
    """Return a value that occurs nowhere else; without `head` no rule knows it by its shape."""
    return f"{head}c4n4ry{number:02}Qz7Xw9Vb3Kd5Mf1Hj"


KEY = canary(1, "s" + "k-proj-")
"""What the provider is sent, and nobody else."""
EDITOR_KEY = canary(2)
"""An editor's secret store handed it over the socket."""
PASSWORD = canary(3, "p&/+ ")
"""Of the environment, with characters that change their form."""
SETTING = canary(4)
"""A key that somebody wrote into the settings, where none belongs."""
ENVIRONMENT = {"OPENAI_API_KEY": KEY, "SHOP_DB_PASSWORD": PASSWORD}

_TOKEN = "g" + "hp_" + "0123456789abcdefghijklmnopqrst"
HIDDEN = {
    "a .env file": canary(5),
    "id_rsa": canary(6),
    ".netrc": canary(7),
    ".git/config": canary(8),
    "an ignored file": canary(9),
    "a file that .pairwrightignore names": canary(10),
    "a file beside a token": canary(11),
    "a file that the settings name": canary(12),
    "the target of a link": canary(13),
    "an ignored file that is open": canary(14),
}
"""What lies in the workspace, or in reach of it, by its place."""
NAME = _TOKEN + canary(15)
"""A file is called so."""
INSTRUCTED = _TOKEN + canary(16)
"""A person typed it into the instruction."""
PRINTED = _TOKEN + canary(17)
"""A test prints it."""

TEST = f'''\
import base64, os, unittest
import a


class TestA(unittest.TestCase):
    def test_a(self):
        """The output holds secrets, plain and in other forms."""
        print({PRINTED!r})
        print(open("shown.txt").read())
        self.assertEqual(a.a, 2, open("shown.txt").read())
'''


@dataclass(frozen=True)
class Forms:
    """One canary in all forms in which it must not be seen."""

    place: str
    value: str

    def __iter__(self) -> Iterator[bytes]:
        raw = self.value.encode()
        yield raw
        yield raw.hex().encode()
        yield urllib.parse.quote(self.value, safe="").encode()
        yield urllib.parse.quote_plus(self.value).encode()
        for shift in range(3):
            # What surrounds it decides how its ends look: the middle is always the same.
            whole = base64.b64encode(b"\0" * shift + raw)
            yield whole[4:-4]
            yield whole[4:-4].replace(b"+", b"-").replace(b"/", b"_")


ALL = (
    Forms("the environment's key", KEY),
    Forms("the editor's key", EDITOR_KEY),
    Forms("the environment's password", PASSWORD),
    Forms("the settings", SETTING),
    *(Forms(place, value) for place, value in HIDDEN.items()),
    Forms("the name of a file", NAME),
    Forms("the instruction", INSTRUCTED),
    Forms("the tests' output", PRINTED),
)


def plant(directory: Path) -> Path:
    """Write a workspace full of canaries below a directory and return its root."""
    root = directory / "workspace"
    outside = directory / "outside.py"
    outside.write_text(f"note = '{HIDDEN['the target of a link']}'\n", "utf-8")
    files = {
        "a.py": "a = 1\n",
        "test_a.py": TEST,
        ".gitignore": "private.py\nopen_private.py\n",
        ".pairwrightignore": "more_private.py\n!private.py\n",
        ".env": f"SHOP={HIDDEN['a .env file']}\n",
        "id_rsa": f"{HIDDEN['id_rsa']}\n",
        ".netrc": f"machine a login b password {HIDDEN['.netrc']}\n",
        ".git/config": f"[remote]\n\turl = https://me:{HIDDEN['.git/config']}@example.org/a.git\n",
        "private.py": f"note = '{HIDDEN['an ignored file']}'\n",
        "more_private.py": f"note = '{HIDDEN['a file that .pairwrightignore names']}'\n",
        "beside.py": f"other = '{_TOKEN}'\nnote = '{HIDDEN['a file beside a token']}'\n",
        "dump.py": f"note = '{HIDDEN['a file that the settings name']}'\n",
        f"notes_{NAME}.py": "note = 'a.py'\n",
        # What a person's own environment holds gets into files, too.
        "shown.txt": "".join(
            f"{line}\n"
            for line in (
                PASSWORD,
                base64.b64encode(f"me:{PASSWORD}".encode()).decode(),
                urllib.parse.quote(PASSWORD, safe=""),
            )
        ),
    }
    write_files(root, files)
    (root / "linked.py").symlink_to(outside)
    return root


def found_in(pieces: Mapping[str, bytes], *, but: Iterable[str] = ()) -> list[str]:
    """Return which canaries are seen where, in words; `but` are places that need not be hidden."""
    left_out = set(but)
    return [
        f"{forms.place} in {where}"
        for forms in ALL
        if forms.place not in left_out
        for where, content in pieces.items()
        if any(form in content for form in forms)
    ]


def files_below(*directories: Path) -> dict[str, bytes]:
    """Return every file that lies there, by its path."""
    return {
        str(path): path.read_bytes()
        for directory in directories
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
