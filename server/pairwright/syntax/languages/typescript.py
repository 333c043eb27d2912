"""How is TypeScript read, with and without JSX?"""

import tree_sitter_typescript

from pairwright.syntax.languages.javascript import (
    COMMON_DEFINITIONS,
    COMMON_REFERENCES,
    JSX_REFERENCES,
    is_test_path,
)
from pairwright.syntax.languages.language import DocStyle, Language

_DEFINITIONS = (
    COMMON_DEFINITIONS
    + """
(abstract_class_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @class
(enum_declaration name: (_) @name body: (_) @body) @class
(type_alias_declaration name: (_) @name) @class
(internal_module name: (_) @name body: (_) @body) @module
(module name: (_) @name body: (_) @body) @module
(function_signature name: (_) @name) @function
(method_signature name: (_) @name) @function
(abstract_method_signature name: (_) @name) @function
(public_field_definition name: (_) @name value: (arrow_function body: (_) @body)) @function
(public_field_definition name: (_) @name) @variable
(property_signature name: (_) @name) @variable
(enum_body (property_identifier) @name @variable)
(enum_assignment name: (_) @name) @variable
(ambient_declaration (_) @inner) @whole
"""
)

_REFERENCES = (
    COMMON_REFERENCES
    + """
(import_require_clause source: (string (string_fragment) @import))
(extends_clause value: (_) @inherit)
(implements_clause [(type_identifier) @inherit (nested_type_identifier) @inherit
  (generic_type name: (_) @inherit)])
(extends_type_clause [(type_identifier) @inherit (nested_type_identifier) @inherit
  (generic_type name: (_) @inherit)])
[(identifier) (property_identifier) (type_identifier) (shorthand_property_identifier)] @read
"""
)

TYPESCRIPT = Language(
    name="typescript",
    suffixes=(".ts", ".mts", ".cts"),
    load_grammar=tree_sitter_typescript.language_typescript,
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    doc_style=DocStyle.COMMENT_BEFORE,
    is_indentation_significant=False,
    is_test_path=is_test_path,
)

TSX = Language(
    name="tsx",
    suffixes=(".tsx",),
    load_grammar=tree_sitter_typescript.language_tsx,
    definitions=_DEFINITIONS,
    references=_REFERENCES + JSX_REFERENCES,
    doc_style=DocStyle.COMMENT_BEFORE,
    is_indentation_significant=False,
    is_test_path=is_test_path,
)
