"""How is C++ read, and any header?

A header of C reads as C++ with few losses, and one of C++ does not read as C at all, so `.h` is
C++. A method that is written outside of its class belongs to what stands before `::`.
"""

import re

from pairwright.syntax.languages.c import (
    COMMON_DEFINITIONS,
    TEST_PATH,
    declarators,
    functions,
)
from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import OPEN_BRACES

_TYPES = """[
  (type_identifier) @bound_type (primitive_type) @bound_type (sized_type_specifier) @bound_type
  (qualified_identifier) @bound_type (template_type) @bound_type
  (struct_specifier name: (_) @bound_type) (class_specifier name: (_) @bound_type)
  (enum_specifier name: (_) @bound_type)]"""


def _variables(leaf: str) -> str:
    reference = f"(reference_declarator {leaf})"
    return declarators(leaf, also=f"{reference} (_ declarator: {reference})")


_SCOPE = "scope: [(namespace_identifier) @container (template_type name: (_) @container)]"
_OWN_NAME = "[(identifier) (destructor_name) (operator_name)] @name"
_FUNCTION_NAME = f"""[
  (identifier) @name (field_identifier) @name (destructor_name) @name (operator_name) @name
  (qualified_identifier {_SCOPE} name: {_OWN_NAME})
  (qualified_identifier {_SCOPE} name: (qualified_identifier {_SCOPE} name: {_OWN_NAME}))]"""
_TEST_MACRO = "^(TYPED_)?TEST(_[FP])?$"

_DEFINITIONS = (
    COMMON_DEFINITIONS
    + f"""
(struct_specifier name: [(type_identifier) @name (template_type name: (_) @name)
  (qualified_identifier scope: (_) @container name: (type_identifier) @name)]
  body: (_) @body) @class
(class_specifier name: [(type_identifier) @name (template_type name: (_) @name)
  (qualified_identifier scope: (_) @container name: (type_identifier) @name)]
  body: (_) @body) @class
(concept_definition name: (identifier) @name) @interface
(alias_declaration name: (type_identifier) @name) @type
(namespace_definition name: (_) @name body: (_) @body) @module
(template_declaration (_) @inner .) @whole
(field_declaration type: {_TYPES}
  declarator: {_variables("(field_identifier) @name")}) @variable
(field_declaration
  declarator: {functions("[(field_identifier) (operator_name)] @name")}) @function
(declaration declarator: {functions(_OWN_NAME)}) @function
((function_definition declarator: {functions(_FUNCTION_NAME)} body: (_)? @body) @function
  (#not-match? @name "{_TEST_MACRO}"))
((function_definition !type declarator: (function_declarator declarator: (identifier) @_test
  parameters: (parameter_list
    . (parameter_declaration type: (type_identifier) @container !declarator)
    . (parameter_declaration type: (type_identifier) @name !declarator) .)) body: (_) @body) @test
  (#match? @_test "{_TEST_MACRO}"))

(declaration type: {_TYPES} declarator: {_variables("(identifier) @name")}) @variable
(declaration type: (placeholder_type_specifier) declarator: (init_declarator
  declarator: [(identifier) @name (_ (identifier) @name)])) @variable
(declaration type: (placeholder_type_specifier) declarator: (init_declarator
  declarator: [(identifier) @name (_ (identifier) @name)] value: [
    (new_expression type: (_) @bound_type)
    (call_expression function: [(identifier) @bound_type
      (template_function arguments: (template_argument_list
        . (type_descriptor type: (_) @bound_type)))
      (qualified_identifier name: (template_function arguments: (template_argument_list
        . (type_descriptor type: (_) @bound_type))))])
    (compound_literal_expression type: (_) @bound_type)])) @variable
(parameter_declaration type: {_TYPES} declarator: (reference_declarator (identifier) @bound))
(parameter_declaration type: (placeholder_type_specifier)
  declarator: {_variables("(identifier) @bound")})
(optional_parameter_declaration type: {_TYPES} declarator: {_variables("(identifier) @bound")})
(for_range_loop declarator: {_variables("(identifier) @bound")})
(for_range_loop type: {_TYPES} declarator: {_variables("(identifier) @bound")})
(structured_binding_declarator (identifier) @bound)

(preproc_include path: (string_literal (string_content) @import_module))
(preproc_include path: (system_lib_string) @import_module)
(using_declaration . (identifier) @import_module)
(using_declaration "namespace" . (qualified_identifier) @import_module)
(using_declaration . "using" . (qualified_identifier scope: (_) @import_module
  name: [(identifier) (type_identifier)] @import_name))
(namespace_alias_definition name: (_) @import_alias (_) @import_module .)
"""
)

_REFERENCES = """
(namespace_definition name: (nested_namespace_specifier) @import)
(preproc_include path: [(string_literal (string_content) @import) (system_lib_string) @import])
(base_class_clause [(type_identifier) @inherit (template_type name: (_) @inherit)
  (qualified_identifier name: [(type_identifier) @inherit (template_type name: (_) @inherit)])])
(call_expression function: [
  (identifier) @call
  (field_expression field: [(field_identifier) @call (template_method name: (_) @call)])
  (template_function name: (_) @call)
  (qualified_identifier name: [(identifier) @call (template_function name: (_) @call)
    (qualified_identifier name: [(identifier) @call (template_function name: (_) @call)])])])
(new_expression type: [(type_identifier) @call (template_type name: (_) @call)
  (qualified_identifier name: [(type_identifier) @call (template_type name: (_) @call)])])
(compound_literal_expression type: [(type_identifier) @call (template_type name: (_) @call)])
(attribute name: (identifier) @call)
(type_identifier) @type
[(identifier) (field_identifier) (namespace_identifier) (this)] @read
"""

CPP = Language(
    name="cpp",
    suffixes=(".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".h", ".ipp", ".inl"),
    grammar=("tree_sitter_cpp", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=TEST_PATH,
    test_name=re.compile(r"test_.*"),
    module_alias=None,
    member_separators=(".", "->", "::"),
    attributes=frozenset({"attribute_declaration"}),
    bounds=(OPEN_BRACES,),
)
