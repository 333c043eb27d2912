"""How is OCaml read, modules and their interfaces?"""

import re

from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import Openings

_COMMON_DEFINITIONS = """
(module_binding (module_name) @name body: (_)? @body) @module
(module_type_definition (module_type_name) @name body: (_)? @body) @interface
(type_binding name: (type_constructor) @name body: (variant_declaration)) @enum
(type_binding name: (type_constructor) @name body: (record_declaration)) @class
(type_binding name: (type_constructor) @name) @type
(exception_definition (constructor_declaration (constructor_name) @name)) @class
(constructor_declaration (constructor_name) @name) @variable
(field_declaration (field_name) @name) @variable
(value_specification [(value_name) @name (parenthesized_operator (_) @name)]
  type: (function_type)) @function
(value_specification [(value_name) @name (parenthesized_operator (_) @name)]) @variable
(external [(value_name) @name (parenthesized_operator (_) @name)]) @function
(class_binding (class_name) @name body: (_)? @body) @class
(class_type_binding (class_type_name) @name) @interface
(method_specification (method_name) @name) @method

(module_definition . (module_binding) @inner .) @whole
(type_definition . (type_binding) @inner .) @whole
(class_definition . (class_binding) @inner .) @whole
(module_binding (module_name) @import_alias body: (module_path) @import_module)
(comment) @comment
"""

_COMMON_REFERENCES = """
(type_constructor) @type
(module_type_name) @type
[(module_name) (value_name) (value_pattern) (constructor_name) (field_name) (class_name)
 (class_type_name) (method_name) (instance_variable_name)] @read
"""

_DEFINITIONS = (
    _COMMON_DEFINITIONS
    + """
([(compilation_unit (value_definition (let_binding
      pattern: [(value_name) @name (parenthesized_operator (_) @name)]
      (parameter) body: (_) @body) @function))
  (structure (value_definition (let_binding
      pattern: [(value_name) @name (parenthesized_operator (_) @name)]
      (parameter) body: (_) @body) @function))])
([(compilation_unit (value_definition (let_binding
      pattern: (value_name) @name
      body: [(fun_expression) (function_expression)] @body) @function))
  (structure (value_definition (let_binding
      pattern: (value_name) @name
      body: [(fun_expression) (function_expression)] @body) @function))])
([(compilation_unit (value_definition (let_binding pattern: (value_name) @name) @variable))
  (structure (value_definition (let_binding pattern: (value_name) @name) @variable))])
(value_definition . (let_binding) @inner .) @whole
(method_definition (method_name) @name body: (_)? @body) @method
(instance_variable_definition (instance_variable_name) @name) @variable

(let_expression (value_definition (let_binding pattern: (value_name) @bound)))
(parameter pattern: [(value_pattern) @bound
  (typed_pattern pattern: (value_pattern) @bound type: (_) @bound_type)])
(object_expression self: (value_pattern) @bound)
(for_expression name: (value_pattern) @bound)
(value_pattern) @bound

(open_module module: (_) @import_module)
(include_module module: (_) @import_module)
"""
)

_REFERENCES = (
    """
(open_module module: (_) @import)
(include_module module: (_) @import)
(inheritance_definition class: [(class_path (class_name) @inherit)
  (class_application class: (class_path (class_name) @inherit))])
(application_expression function: [(value_path (value_name) @call)
  (method_invocation method: (method_name) @call)])
(method_invocation method: (method_name) @call)
(new_expression (class_path (class_name) @call))
(module_application functor: (module_path (module_name) @call .))
(infix_expression operator: (rel_operator) @_pipe right: (value_path (value_name) @call)
  (#eq? @_pipe "|>"))
"""
    + _COMMON_REFERENCES
)

_INTERFACE_DEFINITIONS = (
    _COMMON_DEFINITIONS
    + """
(open_module_signature module: (_) @import_module)
(include_module_type module_type: (_) @import_module)
"""
)

_INTERFACE_REFERENCES = (
    """
(open_module_signature module: (_) @import)
(include_module_type module_type: (_) @import)
(inheritance_specification class_type: (class_type_path (class_type_name) @inherit))
"""
    + _COMMON_REFERENCES
)

_TEST_PATH = re.compile(
    r"(?:.*/)?(?:tests?)/.*|(?:.*/)?(?:test_[^/]*|test|[^/]*_test)\.mli?",
)
# It calls itself for comments in comments, and dies of about 100,000; sooner with a small stack.
_BOUNDS = (Openings(re.compile(rb"\(\*"), most=5_000),)
_DOC_COMMENT = re.compile(r"\(\*\*")

OCAML = Language(
    name="ocaml",
    suffixes=(".ml",),
    grammar=("tree_sitter_ocaml", "language_ocaml"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(".", "#"),
    module_alias=None,
    test_path=_TEST_PATH,
    test_name=re.compile(r"test_.*"),
    doc_comment=_DOC_COMMENT,
    bounds=_BOUNDS,
)

OCAML_INTERFACE = Language(
    name="ocaml interface",
    suffixes=(".mli",),
    grammar=("tree_sitter_ocaml", "language_ocaml_interface"),
    definitions=_INTERFACE_DEFINITIONS,
    references=_INTERFACE_REFERENCES,
    member_separators=(".", "#"),
    module_alias=None,
    test_path=_TEST_PATH,
    doc_comment=_DOC_COMMENT,
    bounds=_BOUNDS,
)
