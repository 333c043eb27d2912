"""How is Julia read?"""

import re

from pairwright.syntax.languages.language import Language

_NAMED = """[(identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (field_expression value: (_) @container (identifier) @name .)]"""
_CALL = f"(call_expression . {_NAMED})"
_HEADS = f"""[{_CALL} (typed_expression . {_CALL}) (where_expression . {_CALL})
    (where_expression . (typed_expression . {_CALL}))]"""
_TYPE_NAME = """[(identifier) @name (parametrized_type_expression . (identifier) @name)
    (binary_expression . [
      (identifier) @name (parametrized_type_expression . (identifier) @name)])]"""

_DEFINITIONS = f"""
(module_definition name: (identifier) @name) @module
(function_definition (signature [(identifier) @name {_HEADS[1:]})) @function
(assignment . {_HEADS}) @function
(macro_definition (signature (call_expression . (identifier) @name))) @macro
(struct_definition (type_head {_TYPE_NAME})) @class
(abstract_definition (type_head {_TYPE_NAME})) @interface
(primitive_definition (type_head {_TYPE_NAME})) @type
(struct_definition (identifier) @name @variable)
(struct_definition (typed_expression . (identifier) @name (_) @bound_type) @variable)
(const_statement (assignment . (identifier) @name)) @variable
(assignment . (identifier) @name) @variable
((macrocall_expression (macro_identifier (identifier) @_macro)
  (macro_argument_list . (string_literal (content) @name))) @test (#eq? @_macro "testset"))

(signature (call_expression (argument_list (identifier) @bound)))
(signature (_ (call_expression (argument_list (identifier) @bound))))
(assignment . (call_expression (argument_list (identifier) @bound)))
(assignment . (_ (call_expression (argument_list (identifier) @bound))))
(argument_list [
  (typed_expression . (identifier) @bound (_) @bound_type)
  (named_argument (typed_expression . (identifier) @bound (_) @bound_type))])
(for_binding . (identifier) @bound)
(for_binding . (tuple_expression (identifier) @bound))
(let_binding . (identifier) @bound)
(arrow_function_expression . [(identifier) @bound (argument_list (identifier) @bound)])

([(using_statement [(identifier) (scoped_identifier) (import_path)] @import_module)
  (import_statement [(identifier) (scoped_identifier) (import_path)] @import_module)])
(selected_import . (_) @import_module (_) @import_name)
(import_alias . (_) @import_module . (identifier) @import_alias)
((call_expression . (identifier) @_include
  (argument_list . (string_literal (content) @import_module))) (#eq? @_include "include"))
[(line_comment) (block_comment)] @comment
((string_literal) @comment . [(function_definition) (struct_definition) (assignment)
  (macro_definition) (abstract_definition) (const_statement) (module_definition)])
"""

_REFERENCES = """
([(using_statement [(identifier) (scoped_identifier) (import_path)] @import)
  (import_statement [(identifier) (scoped_identifier) (import_path)] @import)])
(selected_import (_) @import)
(import_alias . (_) @import)
((call_expression . (identifier) @_include
  (argument_list . (string_literal (content) @import))) (#eq? @_include "include"))
(type_head (binary_expression (operator) [(identifier) @inherit
  (parametrized_type_expression . (identifier) @inherit)]))
(call_expression . [(identifier) @call (field_expression (identifier) @call .)
  (parametrized_type_expression . (identifier) @call)])
(broadcast_call_expression . [(identifier) @call (field_expression (identifier) @call .)])
(macrocall_expression (macro_identifier (identifier) @call))
(typed_expression (_) [(identifier) @type (parametrized_type_expression . (identifier) @type)] .)
(curly_expression (identifier) @type)
(identifier) @read
"""

JULIA = Language(
    name="julia",
    suffixes=(".jl",),
    grammar=("tree_sitter_julia", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(".",),
    module_alias=re.compile(r"(?!.*\.jl$)(?:.*\.)?([^\W\d][\w!]*)$"),
    test_path=re.compile(r"(?:.*/)?test/.*|(?:.*/)?(?:runtests|test_[^/]*)\.jl"),
)
