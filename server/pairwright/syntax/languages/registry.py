"""Which language is a file written in?"""

from pairwright.syntax.languages.javascript import JAVASCRIPT
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.languages.typescript import TSX, TYPESCRIPT

LANGUAGES = (PYTHON, JAVASCRIPT, TYPESCRIPT, TSX)

_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}


def language_of(path: str) -> Language | None:
    """Return the language that a file's name says; None: one that is not read."""
    name = path.rpartition("/")[2]
    _, dot, suffix = name.rpartition(".")
    return _BY_SUFFIX.get(dot + suffix.lower())


def is_test_path(path: str) -> bool:
    """Tell whether a file holds tests, by the conventions of its language."""
    language = language_of(path)
    return language is not None and language.is_test_path(path)
