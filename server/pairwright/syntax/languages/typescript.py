"""How is TypeScript read, with and without JSX?"""

from pairwright.syntax.languages.javascript import (
    ATTRIBUTES,
    COMMON_DEFINITIONS,
    COMMON_REFERENCES,
    DOC_COMMENT,
    JSX_REFERENCES,
    SEPARATORS,
    TEST_PATH,
)
from pairwright.syntax.languages.language import Language

_DEFINITIONS = (
    COMMON_DEFINITIONS
    + """
(abstract_class_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @interface
(enum_declaration name: (_) @name body: (_) @body) @enum
(type_alias_declaration name: (_) @name) @type
(internal_module name: (_) @name body: (_) @body) @module
(module name: (_) @name body: (_) @body) @module
(function_signature name: (_) @name) @function
(method_signature name: (_) @name) @function
(abstract_method_signature name: (_) @name) @function
(public_field_definition name: (_) @name value: (arrow_function body: (_) @body)) @function
(public_field_definition name: (_) @name) @variable
(public_field_definition name: (_) @name type: (type_annotation (_) @bound_type)) @variable
(public_field_definition name: (_) @name !type
  value: (new_expression constructor: (_) @bound_type)) @variable
(property_signature name: (_) @name !type) @variable
(property_signature name: (_) @name type: (type_annotation (_) @bound_type)) @variable
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @field
(optional_parameter (accessibility_modifier) pattern: (identifier) @name) @field
(enum_body (property_identifier) @name @variable)
(enum_assignment name: (_) @name) @variable
(ambient_declaration (_) @inner) @whole

(variable_declarator name: (identifier) @name type: (type_annotation (_) @bound_type)) @variable
(_ name: (_) @bound return_type: (type_annotation (_) @bound_type))
(variable_declarator name: (identifier) @bound
  value: (arrow_function return_type: (type_annotation (_) @bound_type)))
(public_field_definition name: (_) @bound
  value: (arrow_function return_type: (type_annotation (_) @bound_type)))
(type_alias_declaration name: (_) @bound value: (_) @bound_type)
(variable_declarator name: (identifier) @name !type
  value: (as_expression (_) . (_) @bound_type)) @variable
(variable_declarator name: (object_pattern) @bound
  value: (as_expression (_) . (_) @bound_type))
(variable_declarator name: (object_pattern) @bound type: (type_annotation (_) @bound_type))
(required_parameter pattern: (object_pattern) @bound type: (type_annotation (_) @bound_type))
(required_parameter pattern: (identifier) @bound)
(required_parameter pattern: (identifier) @bound type: (type_annotation (_) @bound_type))
(optional_parameter pattern: (identifier) @bound)
(optional_parameter pattern: (identifier) @bound type: (type_annotation (_) @bound_type))
(import_statement (import_require_clause (identifier) @import_alias
  source: (string (string_fragment) @import_module)))
"""
)

_REFERENCES = (
    COMMON_REFERENCES
    + """
(import_require_clause source: (string (string_fragment) @import))
(extends_clause value: [(identifier) @inherit (member_expression property: (_) @inherit)])
(implements_clause [(type_identifier) @inherit
  (nested_type_identifier name: (_) @inherit)
  (generic_type name: [(type_identifier) @inherit (nested_type_identifier name: (_) @inherit)])])
(extends_type_clause [(type_identifier) @inherit
  (nested_type_identifier name: (_) @inherit)
  (generic_type name: [(type_identifier) @inherit (nested_type_identifier name: (_) @inherit)])])
(type_identifier) @type
"""
)

TYPESCRIPT = Language(
    name="typescript",
    suffixes=(".ts", ".mts", ".cts"),
    grammar=("tree_sitter_typescript", "language_typescript"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=TEST_PATH,
    doc_comment=DOC_COMMENT,
    attributes=ATTRIBUTES,
    module_alias=None,
    member_separators=SEPARATORS,
)

TSX = Language(
    name="tsx",
    suffixes=(".tsx",),
    grammar=("tree_sitter_typescript", "language_tsx"),
    definitions=_DEFINITIONS,
    references=_REFERENCES + JSX_REFERENCES,
    test_path=TEST_PATH,
    doc_comment=DOC_COMMENT,
    attributes=ATTRIBUTES,
    module_alias=None,
    member_separators=SEPARATORS,
)
