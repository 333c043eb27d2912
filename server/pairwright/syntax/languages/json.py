"""How is JSON read? Its two outer levels are: a data file has no end of keys."""

import re

from pairwright.syntax.languages.language import DocStyle, Language

_DEFINITIONS = """
(document (object (pair key: (string (string_content) @name)) @key))
(document (object (pair value: (object (pair key: (string (string_content) @name)) @key))))
((pair key: (string (string_content) @_key) value: (string (string_content) @import_module))
  (#any-of? @_key "extends" "$ref") (#not-match? @import_module "^#"))
"""

_REFERENCES = """
((pair key: (string (string_content) @_key) value: (string (string_content) @import))
  (#any-of? @_key "extends" "$ref") (#not-match? @import "^#"))
"""

JSON = Language(
    name="json",
    suffixes=(".json", ".jsonc", ".webmanifest", ".geojson"),
    grammar=("tree_sitter_json", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    module_alias=None,
    test_path=re.compile(r"(?:.*/)?(?:tests?|__tests__)/.*"),
    doc_style=DocStyle.NONE,
)
