"""Which language is a file written in?

R is not among them: no package holds its grammar. Its files are found by text.
"""

from pairwright.syntax.languages.bash import BASH
from pairwright.syntax.languages.c import C
from pairwright.syntax.languages.cpp import CPP
from pairwright.syntax.languages.csharp import CSHARP
from pairwright.syntax.languages.css import CSS
from pairwright.syntax.languages.elixir import ELIXIR
from pairwright.syntax.languages.go import GO
from pairwright.syntax.languages.haskell import HASKELL
from pairwright.syntax.languages.html import HTML
from pairwright.syntax.languages.java import JAVA
from pairwright.syntax.languages.javascript import JAVASCRIPT
from pairwright.syntax.languages.json import JSON
from pairwright.syntax.languages.julia import JULIA
from pairwright.syntax.languages.kotlin import KOTLIN
from pairwright.syntax.languages.language import Language
from pairwright.syntax.languages.lua import LUA
from pairwright.syntax.languages.markdown import MARKDOWN
from pairwright.syntax.languages.ocaml import OCAML, OCAML_INTERFACE
from pairwright.syntax.languages.php import PHP
from pairwright.syntax.languages.python import PYTHON
from pairwright.syntax.languages.ruby import RUBY
from pairwright.syntax.languages.rust import RUST
from pairwright.syntax.languages.scala import SCALA
from pairwright.syntax.languages.sql import SQL
from pairwright.syntax.languages.swift import SWIFT
from pairwright.syntax.languages.toml import TOML
from pairwright.syntax.languages.typescript import TSX, TYPESCRIPT
from pairwright.syntax.languages.yaml import YAML
from pairwright.syntax.languages.zig import ZIG

LANGUAGES = (
    PYTHON,
    JAVASCRIPT,
    TYPESCRIPT,
    TSX,
    JAVA,
    GO,
    RUST,
    C,
    CPP,
    CSHARP,
    RUBY,
    PHP,
    KOTLIN,
    SWIFT,
    SCALA,
    BASH,
    LUA,
    HTML,
    CSS,
    JSON,
    YAML,
    TOML,
    MARKDOWN,
    SQL,
    HASKELL,
    OCAML,
    OCAML_INTERFACE,
    ELIXIR,
    ZIG,
    JULIA,
)

_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}
_BY_FILENAME = {name: language for language in LANGUAGES for name in language.filenames}
_BY_NAME = {language.name: language for language in LANGUAGES}


def language_of(path: str) -> Language | None:
    """Return the language that a file's name says; None: one that is not read."""
    name = path.rpartition("/")[2].lower()
    _, dot, suffix = name.rpartition(".")
    return _BY_FILENAME.get(name) or _BY_SUFFIX.get(dot + suffix)


def language_named(name: str) -> Language | None:
    """Return the language of that name."""
    return _BY_NAME.get(name)


def is_test_path(path: str) -> bool:
    """Tell whether a file holds tests, by the conventions of its language."""
    language = language_of(path)
    return language is not None and language.is_test_path(path)
