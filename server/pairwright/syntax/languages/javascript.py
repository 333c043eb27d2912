"""How is JavaScript read, with JSX?"""

import re

import tree_sitter_javascript

from pairwright.syntax.languages.language import DocStyle, Language

COMMON_DEFINITIONS = """
(class_declaration name: (_) @name body: (_) @body) @class
(function_declaration name: (_) @name body: (_) @body) @function
(generator_function_declaration name: (_) @name body: (_) @body) @function
(method_definition name: (_) @name body: (_) @body) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class
(variable_declarator name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)
          (generator_function body: (_) @body)]) @function
(variable_declarator name: (identifier) @name) @variable
(pair key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @function
(assignment_expression left: (member_expression property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @function
(assignment_expression left: (member_expression property: (_) @name)
  right: (class body: (_) @body)) @class
(export_statement declaration: (_) @inner) @whole
(lexical_declaration (variable_declarator) @inner) @whole
(variable_declaration (variable_declarator) @inner) @whole
(comment) @comment
"""
"""What JavaScript and TypeScript share."""

COMMON_REFERENCES = """
(call_expression function: (identifier) @_require
  arguments: (arguments . (string (string_fragment) @import)) (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @import)))
(import_statement source: (string (string_fragment) @import))
(export_statement source: (string (string_fragment) @import))
(call_expression function: [(identifier) @call (member_expression property: (_) @call)])
(new_expression constructor: [(identifier) @call (member_expression property: (_) @call)])
(decorator (identifier) @call)
(decorator (call_expression function: (identifier) @call))
"""
"""What JavaScript and TypeScript share."""

JSX_REFERENCES = """
((jsx_opening_element name: (identifier) @call) (#match? @call "^[A-Z]"))
((jsx_self_closing_element name: (identifier) @call) (#match? @call "^[A-Z]"))
"""

_FIELDS = """
(field_definition property: (_) @name value: (arrow_function body: (_) @body)) @function
(field_definition property: (_) @name) @variable
"""

_HERITAGE_AND_READS = """
(class_heritage [(identifier) (member_expression)] @inherit)
[(identifier) (property_identifier) (shorthand_property_identifier)] @read
"""

_TEST_NAME = re.compile(r".*[.\-_](?:test|spec|e2e|cy)\.[cm]?[jt]sx?|test\.[cm]?[jt]sx?")
_TEST_DIRECTORIES = frozenset({"__tests__", "__mocks__", "tests", "test", "spec", "e2e", "cypress"})


def is_test_path(path: str) -> bool:
    """Tell whether a JavaScript or TypeScript file holds tests."""
    *directories, name = path.split("/")
    return bool(_TEST_NAME.fullmatch(name)) or not _TEST_DIRECTORIES.isdisjoint(directories)


JAVASCRIPT = Language(
    name="javascript",
    suffixes=(".js", ".jsx", ".mjs", ".cjs"),
    load_grammar=tree_sitter_javascript.language,
    definitions=COMMON_DEFINITIONS + _FIELDS,
    references=COMMON_REFERENCES + JSX_REFERENCES + _HERITAGE_AND_READS,
    doc_style=DocStyle.COMMENT_BEFORE,
    is_indentation_significant=False,
    is_test_path=is_test_path,
)
