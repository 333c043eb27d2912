"""How is JavaScript read, with JSX?"""

import re

from pairwright.syntax.languages.language import Language

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
(variable_declarator name: (identifier) @name value: [
  (new_expression constructor: (_) @bound_type)
  (call_expression function: [(identifier) (member_expression)] @bound_type)
  (await_expression (call_expression
    function: [(identifier) (member_expression)] @bound_type))]) @variable
(pair key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @function
(assignment_expression left: (member_expression property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @function
((assignment_expression left: (member_expression
    object: (member_expression object: (identifier) @container property: (_) @_prototype)
    property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @function
  (#eq? @_prototype "prototype"))
(assignment_expression left: (member_expression property: (_) @name)
  right: (class body: (_) @body)) @class
(assignment_expression left: (member_expression object: (this)) @bound
  right: (new_expression constructor: (_) @bound_type))
(variable_declarator name: (object_pattern) @bound value: [(identifier) (this)
  (member_expression object: [(identifier) (this) (member_expression object: (_))])
  (call_expression function: [(identifier) (member_expression)])] @bound_type)
(variable_declarator name: (object_pattern) @bound value: (await_expression
  (call_expression function: [(identifier) (member_expression)]) @bound_type))
(variable_declarator name: (identifier) @name value: (member_expression
  object: [(identifier) (this) (member_expression object: [(identifier) (this)])])
  @bound_type) @variable
((call_expression
  function: [(identifier) @_test (member_expression object: (identifier) @_test)
    (call_expression function: (member_expression object: (identifier) @_test))]
  arguments: (arguments . [(string) (template_string)] @name
    [(arrow_function body: (_) @body) (function_expression body: (_) @body)])) @test
  (#any-of? @_test "it" "test" "describe" "context" "suite" "specify"))
(export_statement declaration: (_) @inner) @whole
(lexical_declaration (variable_declarator) @inner) @whole
(variable_declaration (variable_declarator) @inner) @whole

(arrow_function parameter: (identifier) @bound)
(catch_clause parameter: (identifier) @bound)
(for_in_statement left: (identifier) @bound)
(shorthand_property_identifier_pattern) @bound
(array_pattern (identifier) @bound)
(object_pattern (pair_pattern value: (identifier) @bound))
(assignment_pattern left: (identifier) @bound)
(rest_pattern (identifier) @bound)

(import_statement . source: (string (string_fragment) @import_module))
(import_statement (import_clause (identifier) @import_alias)
  source: (string (string_fragment) @import_module))
(import_statement (import_clause (namespace_import (identifier) @import_alias))
  source: (string (string_fragment) @import_module))
(import_statement (import_clause (named_imports (import_specifier name: (_) @import_name !alias)))
  source: (string (string_fragment) @import_module))
(import_statement (import_clause (named_imports
    (import_specifier name: (_) @import_name alias: (_) @import_alias)))
  source: (string (string_fragment) @import_module))
(export_statement "*" @import_name . source: (string (string_fragment) @import_module))
(export_statement (namespace_export (_) @import_alias)
  source: (string (string_fragment) @import_module))
(export_statement (export_clause (export_specifier name: (_) @import_name !alias))
  source: (string (string_fragment) @import_module))
(export_statement (export_clause (export_specifier name: (_) @import_name alias: (_) @import_alias))
  source: (string (string_fragment) @import_module))
((call_expression function: (identifier) @_require
  arguments: (arguments . (string (string_fragment) @import_module))) (#eq? @_require "require"))
((variable_declarator name: (identifier) @import_alias value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @import_module))))
  (#eq? @_require "require"))
((variable_declarator name: (object_pattern [
    (shorthand_property_identifier_pattern) @import_name
    (pair_pattern key: (_) @import_name value: (identifier) @import_alias)])
  value: (call_expression function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @import_module))))
  (#eq? @_require "require"))
(call_expression function: (import)
  arguments: (arguments . (string (string_fragment) @import_module)))
(comment) @comment
"""
"""What JavaScript and TypeScript share."""

COMMON_REFERENCES = """
((call_expression function: (identifier) @_require
  arguments: (arguments . (string (string_fragment) @import))) (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @import)))
(import_statement source: (string (string_fragment) @import))
(import_clause (identifier) @import)
(import_specifier name: (_) @import)
(export_statement source: (string (string_fragment) @import))
(export_statement (export_clause (export_specifier name: (_) @import)) source: (_))
(call_expression function: [(identifier) @call (member_expression property: (_) @call)])
(call_expression function: (super) @call)
(new_expression constructor: [(identifier) @call (member_expression property: (_) @call)])
(decorator [(identifier) @call (member_expression property: (_) @call)
  (call_expression function: [(identifier) @call (member_expression property: (_) @call)])])
[(identifier) (property_identifier) (private_property_identifier) (shorthand_property_identifier)
  (shorthand_property_identifier_pattern) (this) (super)] @read
"""
"""What JavaScript and TypeScript share."""

JSX_REFERENCES = """
((jsx_opening_element name: [(identifier) @call (member_expression property: (_) @call)])
  (#match? @call "^[A-Z]"))
((jsx_self_closing_element name: [(identifier) @call (member_expression property: (_) @call)])
  (#match? @call "^[A-Z]"))
"""

_DEFINITIONS = """
(method_definition body: (statement_block (expression_statement (assignment_expression
  left: (member_expression object: (this) property: (_) @name)) @field)))
(field_definition property: (_) @name value: (arrow_function body: (_) @body)) @function
(field_definition property: (_) @name) @variable
(field_definition property: (_) @name
  value: (new_expression constructor: (_) @bound_type)) @variable
(formal_parameters (identifier) @bound)
"""

_HERITAGE = """
(class_heritage [(identifier) @inherit (member_expression property: (_) @inherit)])
"""

TEST_PATH = re.compile(
    r"(?:.*/)?(?:__tests__|__mocks__|tests?|spec|e2e|cypress)/.*"
    r"|.*[.\-_](?:test|spec|e2e|cy)\.[cm]?[jt]sx?|(?:.*/)?test\.[cm]?[jt]sx?"
)
"""The path of a JavaScript or TypeScript file that holds tests."""
DOC_COMMENT = re.compile(r"/\*\*")
ATTRIBUTES = frozenset({"decorator"})
SEPARATORS = (".", "?.", "!.")

JAVASCRIPT = Language(
    name="javascript",
    suffixes=(".js", ".jsx", ".mjs", ".cjs"),
    grammar=("tree_sitter_javascript", "language"),
    definitions=COMMON_DEFINITIONS + _DEFINITIONS,
    references=COMMON_REFERENCES + JSX_REFERENCES + _HERITAGE,
    test_path=TEST_PATH,
    doc_comment=DOC_COMMENT,
    attributes=ATTRIBUTES,
    module_alias=None,
    member_separators=SEPARATORS,
)
