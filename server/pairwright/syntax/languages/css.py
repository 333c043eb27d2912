"""How is CSS read?"""

import re

from pairwright.syntax.languages.language import Language


def _selector(name: str) -> str:
    """Return the queries that make a name in a selector the key of its rule, three deep."""
    queries = ""
    selector = name
    for _ in range(4):
        queries += f"(rule_set (selectors {selector % '@name @key'}) (block) @body)\n"
        queries += f"(rule_set (selectors {selector % '@inner'})) @whole\n"
        selector = f"(_ {selector})"
    return queries


_DEFINITIONS = (
    _selector("(class_selector (class_name (identifier) %s))")
    + _selector("(id_selector (id_name) %s)")
    + """
((declaration (property_name) @name) @key (#match? @name "^--"))
(keyframes_statement (keyframes_name) @name (keyframe_block_list) @body) @key
(import_statement (string_value (string_content) @import_module))
(import_statement (call_expression (arguments
  [(plain_value) @import_module (string_value (string_content) @import_module)])))
(comment) @comment
"""
)

_REFERENCES = """
(import_statement (string_value (string_content) @import))
(import_statement (call_expression (arguments
  [(plain_value) @import (string_value (string_content) @import)])))
(class_selector (class_name (identifier) @read))
(id_selector (id_name) @read)
((tag_name) @read (#match? @read "-"))
((call_expression (function_name) @_var (arguments . (plain_value) @read)) (#eq? @_var "var"))
((declaration (property_name) @_property (plain_value) @read)
  (#match? @_property "^(-webkit-)?animation(-name)?$"))
((declaration (property_name) @read) (#match? @read "^--"))
"""

CSS = Language(
    name="css",
    suffixes=(".css",),
    grammar=("tree_sitter_css", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(),
    module_alias=None,
    test_path=re.compile(r"(?:.*/)?tests?/.*"),
)
