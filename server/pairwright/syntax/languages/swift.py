"""How is Swift read?

What an extension holds belongs to the type that it extends. `import Foundation` makes the module's
name known, and every name in it. Some patterns begin with a wildcard: with the
type of a function's node they take half a second to be compiled.
"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(class_declaration declaration_kind: ["class" "struct" "actor"]
  name: (type_identifier) @name body: (_) @body) @class
(class_declaration declaration_kind: "enum" name: (type_identifier) @name body: (_) @body) @enum
(class_declaration declaration_kind: "extension" name: (_) @name body: (_) @body) @scope
(protocol_declaration name: (type_identifier) @name body: (_) @body) @interface
(typealias_declaration name: (type_identifier) @name) @type
(associatedtype_declaration name: (type_identifier) @name) @type
(_ "func" . name: (simple_identifier) @name body: (_)? @body) @function
(init_declaration name: "init" @name body: (_)? @body) @function
(deinit_declaration "deinit" @name body: (_) @body) @function
(subscript_declaration "subscript" @name (computed_property)? @body) @function
(macro_declaration (simple_identifier) @name) @macro
((_ . (modifiers (attribute (user_type (type_identifier) @_test)))
  . name: (simple_identifier) @name body: (function_body) @body) @test (#eq? @_test "Test"))
(enum_entry name: (simple_identifier) @name) @variable

(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @variable
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)
  (type_annotation [(user_type) @bound_type (optional_type wrapped: (_) @bound_type)
    (array_type) @bound_type (dictionary_type) @bound_type])) @variable
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name) !computed_value
  value: [(call_expression . [(simple_identifier) (navigation_expression)] @bound_type)
    (constructor_expression constructed_type: (_) @bound_type)]) @variable
(protocol_property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  (type_annotation (_) @bound_type)) @variable

(parameter name: (simple_identifier) @bound ":" . (_) @bound_type)
(parameter name: (simple_identifier) @bound ":" (parameter_modifiers) . (_) @bound_type)
(lambda_parameter name: (simple_identifier) @bound)
(lambda_parameter name: (simple_identifier) @bound (user_type) @bound_type)
(for_statement item: (pattern bound_identifier: (simple_identifier) @bound))
(_ condition: (value_binding_pattern) . bound_identifier: (simple_identifier) @bound)
(pattern (value_binding_pattern) . bound_identifier: (simple_identifier) @bound)
(catch_block error: (pattern (pattern bound_identifier: (simple_identifier) @bound)
  name: (_) @bound_type))

(import_declaration ["struct" "class" "enum" "protocol" "func" "let" "var" "typealias"]
  (identifier (simple_identifier)+ @import_module . (simple_identifier) @import_name .))
((import_declaration (identifier) @import_module) @_import
  (#not-match? @_import "import +(struct|class|enum|protocol|func|let|var|typealias) "))
[(comment) (multiline_comment)] @comment
"""

_REFERENCES = """
(import_declaration (identifier) @import)
(inheritance_specifier inherits_from: [(user_type (type_identifier) @inherit .)
  (user_type (type_identifier) @inherit . (type_arguments))])
(call_expression . [(simple_identifier) @call
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @call))
  (prefix_expression target: (simple_identifier) @call)])
(constructor_expression constructed_type: [(user_type (type_identifier) @call .)
  (user_type (type_identifier) @call . (type_arguments))])
(attribute (user_type (type_identifier) @call .))
(macro_invocation (simple_identifier) @call)
(type_identifier) @type
[(simple_identifier) (self_expression) (super_expression)] @read
"""

SWIFT = Language(
    name="swift",
    suffixes=(".swift",),
    grammar=("tree_sitter_swift", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(r"(?:.*/)?(?:Tests|\w+Tests)/.*|(?:.*/)?\w+Tests?\.swift"),
    test_name=re.compile(r"test(?:[^a-z].*)?"),
    doc_comment=re.compile(r"///|/\*\*"),
    attributes=frozenset({"attribute"}),
)
