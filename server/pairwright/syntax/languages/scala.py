"""How is Scala read?

`import a.b.C` is `C` of `a.b`. The package that a file belongs to is a module without a body. A
function in an extension stands beside it.
"""

import re

from pairwright.syntax.languages.language import Language

_IMPORTS = "".join(
    f"""
(import_declaration . {path} . (identifier) @import_name .)
(import_declaration . {path} . (namespace_wildcard) @import_name)
(import_declaration . {path}
  . (as_renamed_identifier name: (_) @import_name alias: (_) @import_alias))
(import_declaration . {path} . (namespace_selectors [
  (identifier) @import_name
  (namespace_wildcard) @import_name
  (arrow_renamed_identifier name: (_) @import_name alias: (_) @import_alias)
  (as_renamed_identifier name: (_) @import_name alias: (_) @import_alias)]))
"""
    for path in (
        "(identifier) @import_module",
        "(identifier) @import_module (identifier) @import_module",
    )
)

_DEFINITIONS = """
(package_clause name: (_) @name body: (_)? @body) @module
(package_object name: (_) @name body: (_)? @body) @module
(class_definition name: (identifier) @name body: (_)? @body) @class
(object_definition name: (identifier) @name body: (_)? @body) @class
(trait_definition name: (identifier) @name body: (_)? @body) @interface
(enum_definition name: (identifier) @name body: (_) @body) @enum
(simple_enum_case name: (identifier) @name) @variable
(full_enum_case name: (identifier) @name) @variable
(type_definition name: (type_identifier) @name) @type
(function_definition name: (_) @name body: (_) @body) @function
(function_declaration name: (_) @name) @function
(given_definition name: (identifier) @name) @variable
((function_definition (annotation name: (type_identifier) @_test) name: (_) @name
  body: (_) @body) @test (#any-of? @_test "Test" "ParameterizedTest"))
((call_expression function: (call_expression function: (identifier) @_test
    arguments: (arguments . (string) @name)) arguments: (_) @body) @test
  (#any-of? @_test "test" "it" "describe" "feature" "scenario" "property"))
((infix_expression left: (infix_expression right: (string) @name) operator: (_) @_in
  right: (_) @body) @test (#any-of? @_in "in" "taggedAs"))

(val_definition pattern: (identifier) @name) @variable
(val_definition pattern: (tuple_pattern (identifier) @name)) @variable
(val_definition pattern: (identifier) @name type: (_) @bound_type) @variable
(val_definition pattern: (identifier) @name !type
  value: [(instance_expression . [(type_identifier) (generic_type) (stable_type_identifier)]
      @bound_type)
    (call_expression function: (identifier) @bound_type)]) @variable
(var_definition pattern: (identifier) @name) @variable
(var_definition pattern: (identifier) @name type: (_) @bound_type) @variable
(var_definition pattern: (identifier) @name !type
  value: (instance_expression . [(type_identifier) (generic_type) (stable_type_identifier)]
    @bound_type)) @variable
(val_declaration name: (identifier) @name type: (_) @bound_type) @variable
(var_declaration name: (identifier) @name type: (_) @bound_type) @variable
(class_parameter name: (identifier) @name type: (_) @bound_type) @variable
(parameter name: (identifier) @bound type: (_) @bound_type)
(bindings (binding name: (identifier) @bound))
(bindings (binding name: (identifier) @bound type: (_) @bound_type))
(lambda_expression parameters: (identifier) @bound)
(enumerator . (identifier) @bound)
(typed_pattern pattern: (identifier) @bound type: (_) @bound_type)
(case_class_pattern pattern: (identifier) @bound)
(case_clause pattern: (identifier) @bound)
(capture_pattern name: (identifier) @bound)

[(comment) (block_comment)] @comment
"""

_REFERENCES = """
(package_clause name: (_) @import)
(import_declaration (identifier) @import)
(import_declaration [
  (as_renamed_identifier name: (_) @import)
  (namespace_selectors [(identifier) @import (arrow_renamed_identifier name: (_) @import)
    (as_renamed_identifier name: (_) @import)])])
(extends_clause type: [(type_identifier) @inherit (generic_type type: (type_identifier) @inherit)
  (stable_type_identifier (type_identifier) @inherit .)])
(compound_type extra: (type_identifier) @inherit)
(call_expression function: [(identifier) @call (field_expression field: (identifier) @call)
  (generic_function function: [(identifier) @call (field_expression field: (identifier) @call)])])
(instance_expression . [(type_identifier) @call (generic_type type: (type_identifier) @call)
  (stable_type_identifier (type_identifier) @call .)
  (compound_type base: [(type_identifier) @call
    (applied_constructor_type . [(type_identifier) @call
      (generic_type type: (type_identifier) @call)])])])
(infix_expression operator: (identifier) @call)
(annotation name: [(type_identifier) @call (stable_type_identifier (type_identifier) @call .)])
(type_identifier) @type
(identifier) @read
"""

SCALA = Language(
    name="scala",
    suffixes=(".scala", ".sc", ".sbt"),
    grammar=("tree_sitter_scala", "language"),
    definitions=_DEFINITIONS + _IMPORTS,
    references=_REFERENCES,
    test_path=re.compile(r"(?:.*/)?(?:tests?|it)/.*|(?:.*/)?\w+(?:Tests?|Spec|Suite)\.scala"),
    doc_comment=re.compile(r"/\*\*"),
    attributes=frozenset({"annotation"}),
)
