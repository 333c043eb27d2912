"""How is Go read?

Importing a package binds the last part of its path that is no version: `yaml` of
`gopkg.in/yaml.v3`. The package itself may have another name, which only its own files say: there it
is a module without a body.
"""

import re

from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import OPEN_BRACES

_DEFINITIONS = """
(package_clause (package_identifier) @name) @module
(function_declaration name: (identifier) @name body: (_)? @body) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @container
    (generic_type type: (type_identifier) @container)
    (pointer_type [(type_identifier) @container
      (generic_type type: (type_identifier) @container)])]))
  name: (field_identifier) @name body: (_)? @body) @function
(type_spec name: (type_identifier) @name
  type: (struct_type (field_declaration_list) @body)) @class
(type_spec name: (type_identifier) @name type: (interface_type) @body) @interface
(type_spec name: (type_identifier) @name type: [(type_identifier) (qualified_type) (generic_type)
  (pointer_type) (array_type) (slice_type) (map_type) (channel_type) (function_type)
  (parenthesized_type)]) @type
(type_alias name: (type_identifier) @name) @type
(type_declaration . (type_spec) @inner .) @whole
(type_declaration . (type_alias) @inner .) @whole
(method_elem name: (field_identifier) @name) @function
(field_declaration name: (field_identifier) @name type: (_) @bound_type) @variable

(const_spec name: (identifier) @name) @variable
(const_spec name: (identifier) @name type: (_) @bound_type) @variable
(const_declaration . (const_spec) @inner .) @whole
(var_spec name: (identifier) @name) @variable
(var_spec name: (identifier) @name type: [(pointer_type (_) @bound_type)
  (type_identifier) @bound_type (qualified_type) @bound_type (generic_type) @bound_type]) @variable
(var_spec name: (identifier) @name !type
  value: (expression_list . (composite_literal type: (_) @bound_type))) @variable
(var_declaration . (var_spec) @inner .) @whole

(parameter_declaration name: (identifier) @bound type: [(pointer_type (_) @bound_type)
  (type_identifier) @bound_type (qualified_type) @bound_type (generic_type) @bound_type
  (function_type) (map_type) (slice_type) (array_type) (channel_type) (interface_type)
  (struct_type)])
(variadic_parameter_declaration name: (identifier) @bound)
(short_var_declaration left: (expression_list (identifier) @bound))
(short_var_declaration left: (expression_list . (identifier) @bound .)
  right: (expression_list . [
    (composite_literal type: (_) @bound_type)
    (unary_expression operand: (composite_literal type: (_) @bound_type))
    (call_expression function: [(identifier) (selector_expression)] @bound_type)] .))
(short_var_declaration left: (expression_list . (identifier) @bound (identifier))
  right: (expression_list
    . (call_expression function: [(identifier) (selector_expression)] @bound_type) .))
(range_clause left: (expression_list (identifier) @bound))
(type_switch_statement alias: (expression_list (identifier) @bound))
(receive_statement left: (expression_list (identifier) @bound))

(import_spec !name path: (_ (_) @import_module))
(import_spec name: [(package_identifier) (blank_identifier)] @import_alias
  path: (_ (_) @import_module))
(import_spec name: (dot) @import_name path: (_ (_) @import_module))
(comment) @comment
"""

_REFERENCES = """
(import_spec path: (_ (_) @import))
(field_declaration !name type: [(type_identifier) @inherit
  (qualified_type name: (type_identifier) @inherit)
  (generic_type type: (type_identifier) @inherit)])
(interface_type (type_elem . [(type_identifier) @inherit
  (qualified_type name: (type_identifier) @inherit)] .))
(call_expression function: [(identifier) @call (selector_expression field: (_) @call)
  (parenthesized_expression (identifier) @call)])
(type_conversion_expression
  type: (generic_type type: [(type_identifier) @call (qualified_type name: (_) @call)]))
(composite_literal type: [(type_identifier) @call (qualified_type name: (_) @call)
  (generic_type type: [(type_identifier) @call (qualified_type name: (_) @call)])])
(type_identifier) @type
[(identifier) (field_identifier) (package_identifier)] @read
"""

GO = Language(
    name="go",
    suffixes=(".go",),
    grammar=("tree_sitter_go", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(r".*_test\.go"),
    test_name=re.compile(r"(?:Test|Benchmark|Fuzz|Example)(?:[^a-z].*)?"),
    module_alias=re.compile(r"(?:.*/)?(?:[^/]*[-.])?(?!v\d+$)([^\W\d]\w*)(?:[./]v\d+)?$"),
    bounds=(OPEN_BRACES,),
)
