"""How is TOML read? Tables and their keys are, and the keys of tables written inline."""

import re

from pairwright.syntax.languages.language import Language


def _pairs(around: str) -> str:
    """Return the queries of the pairs that stand in something."""
    pair = """[
  (pair . [(bare_key) (quoted_key)] @name)
  (pair . (dotted_key (_) @container (_) @name .))] @key"""
    return around % pair + "\n"


_DEFINITIONS = (
    """
(table . [(bare_key) (quoted_key)] @name) @key
(table . (dotted_key (_) @container (_) @name .)) @key
(table_array_element . [(bare_key) (quoted_key)] @name) @key
(table_array_element . (dotted_key (_) @container (_) @name .)) @key
(comment) @comment
"""
    + _pairs("(document %s)")
    + _pairs("(table %s)")
    + _pairs("(table_array_element %s)")
    + _pairs("(table (pair (inline_table %s)))")
)

TOML = Language(
    name="toml",
    suffixes=(".toml",),
    filenames=("cargo.lock", "poetry.lock", "uv.lock", "pipfile"),
    grammar=("tree_sitter_toml", "language"),
    definitions=_DEFINITIONS,
    references="",
    test_path=re.compile(r"(?:.*/)?tests?/.*"),
)
