"""How is C read?

Every comment right before a definition documents it: few C files mark those that do.
"""

import re

from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import OPEN_BRACES

TYPES = """[
  (type_identifier) @bound_type (primitive_type) @bound_type (sized_type_specifier) @bound_type
  (struct_specifier name: (_) @bound_type) (union_specifier name: (_) @bound_type)
  (enum_specifier name: (_) @bound_type)]"""
"""The types that C writes for a variable."""


def declarators(leaf: str, also: str = "") -> str:
    """Return the ways to declare a name: with a value, as a pointer, as an array, and others.

    They match functions too, which win as such.
    """
    return f"""[{leaf} (_ declarator: {leaf}) (_ declarator: (_ declarator: {leaf}))
  (_ declarator: (_ declarator: (_ declarator: {leaf})))
  (_ declarator: (parenthesized_declarator (pointer_declarator declarator: {leaf}))) {also}]"""


def functions(name: str) -> str:
    """Return the ways to declare a function: one that returns a value, a pointer, a reference."""
    plain = f"(function_declarator declarator: {name})"
    return f"[{plain} (_ {plain}) (_ (_ {plain}))]"


COMMON_DEFINITIONS = f"""
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro
(union_specifier name: (type_identifier) @name body: (_) @body) @class
(enum_specifier name: (type_identifier) @name body: (_) @body) @enum
(enumerator name: (identifier) @name) @variable
(type_definition type: [(struct_specifier !name body: (_) @body)
  (union_specifier !name body: (_) @body)] declarator: (type_identifier) @name) @class
(type_definition type: (enum_specifier !name body: (_) @body)
  declarator: (type_identifier) @name) @enum
(type_definition type: [(type_identifier) (primitive_type) (sized_type_specifier)
  (struct_specifier !body) (union_specifier !body) (enum_specifier !body)]
  declarator: {declarators("(type_identifier) @name")}) @type
(type_definition type: [(struct_specifier name: (_) body: (_)) (union_specifier name: (_) body: (_))
  (enum_specifier name: (_) body: (_))] declarator: (type_identifier) @name @type)
(parameter_declaration type: {TYPES} declarator: {declarators("(identifier) @bound")})
(preproc_params (identifier) @bound)
(comment) @comment
"""
"""What C and C++ share."""

_DEFINITIONS = (
    COMMON_DEFINITIONS
    + f"""
(struct_specifier name: (type_identifier) @name body: (_) @body) @class
(field_declaration type: {TYPES} declarator: {declarators("(field_identifier) @name")}) @variable
(declaration type: {TYPES} declarator: {declarators("(identifier) @name")}) @variable
(function_definition declarator: {functions("(identifier) @name")} body: (_) @body) @function
(declaration declarator: {functions("(identifier) @name")}) @function
(preproc_include path: (string_literal (string_content) @import_module))
(preproc_include path: (system_lib_string) @import_module)
"""
)

_REFERENCES = """
(preproc_include path: [(string_literal (string_content) @import) (system_lib_string) @import])
(call_expression function: [(identifier) @call (field_expression field: (_) @call)])
(type_identifier) @type
[(identifier) (field_identifier)] @read
"""

TEST_PATH = re.compile(
    r"(?:.*/)?(?:tests?|unittests?)/.*"
    r"|(?:.*/)?(?:test_[^/]*|[^/]*[_-](?:tests?|unittest))\.(?:c|cc|cpp|cxx)"
)
"""The path of a C or C++ file that holds tests."""

C = Language(
    name="c",
    suffixes=(".c",),
    grammar=("tree_sitter_c", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=TEST_PATH,
    test_name=re.compile(r"test_.*"),
    module_alias=None,
    member_separators=(".", "->"),
    bounds=(OPEN_BRACES,),
)
