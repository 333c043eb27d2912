"""How is Zig read?"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(function_declaration name: (identifier) @name body: (_)? @body) @function
(variable_declaration ["const" "var"] . (identifier) @name
  [(struct_declaration) (union_declaration) (opaque_declaration)] @body) @class
(variable_declaration ["const" "var"] . (identifier) @name
  [(enum_declaration) (error_set_declaration)] @body) @enum
(variable_declaration ["const" "var"] . (identifier) @name) @variable
(variable_declaration ["const" "var"] . (identifier) @name type: (_) @bound_type) @variable
(variable_declaration ["const" "var"] . (identifier) @name
  (struct_initializer . (identifier) @bound_type) .) @variable
(container_field name: (identifier) @name) @variable
(container_field name: (identifier) @name type: (_) @bound_type) @variable
(error_set_declaration (identifier) @name @variable)
(test_declaration [(string) (identifier)] @name (block) @body) @test

(parameter name: (identifier) @bound)
(parameter name: (identifier) @bound type: (_) @bound_type)
(payload (identifier) @bound)

((variable_declaration . (identifier) @import_alias (builtin_function
    (builtin_identifier) @_import (arguments (string (string_content) @import_module))))
  (#eq? @_import "@import"))
((variable_declaration . (identifier) @import_alias (field_expression
    object: (builtin_function (builtin_identifier) @_import
      (arguments (string (string_content) @import_module))) member: (identifier) @import_name))
  (#eq? @_import "@import"))
((using_namespace_declaration (builtin_function
    (builtin_identifier) @_import (arguments (string (string_content) @import_module))))
  (#eq? @_import "@import"))
(comment) @comment
"""

_REFERENCES = """
((builtin_function (builtin_identifier) @_import (arguments (string (string_content) @import)))
  (#eq? @_import "@import"))
(call_expression function: [(identifier) @call (field_expression member: (identifier) @call)])
[(parameter type: (identifier) @type)
 (function_declaration type: (identifier) @type)
 (container_field type: (identifier) @type)
 (variable_declaration type: (identifier) @type)
 (pointer_type (identifier) @type)
 (slice_type (identifier) @type)
 (array_type (identifier) @type .)
 (nullable_type (identifier) @type)
 (error_union_type (identifier) @type)
 (struct_initializer . (identifier) @type)]
(identifier) @read
"""

ZIG = Language(
    name="zig",
    suffixes=(".zig",),
    grammar=("tree_sitter_zig", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(".",),
    module_alias=None,
    test_path=re.compile(r"(?:.*/)?tests?/.*|(?:.*/)?(?:tests?|[^/]*_test)\.zig"),
    doc_comment=re.compile(r"///"),
)
