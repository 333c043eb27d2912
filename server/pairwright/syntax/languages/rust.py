"""How is Rust read?

`use a::b::C` is `C` of `a::b`, however the braces are nested, to the third level. `mod name;` is an
import of a file.
"""

import re

from pairwright.syntax.languages.language import Language

_USED = """[
  (identifier) @import_name
  (use_as_clause path: (identifier) @import_name alias: (_) @import_alias)
  (scoped_identifier path: (_) @import_module name: (identifier) @import_name)
  (use_as_clause
    path: (scoped_identifier path: (_) @import_module name: (identifier) @import_name)
    alias: (_) @import_alias)
  (use_wildcard . (_) @import_module "*" @import_name)
  (use_wildcard . "*" @import_name)]"""

_IMPORTS = f"""
(use_declaration argument: [
  (identifier) @import_module
  (use_as_clause path: (identifier) @import_module alias: (_) @import_alias)
  (scoped_identifier path: (_) @import_module name: (identifier) @import_name)
  (use_as_clause
    path: (scoped_identifier path: (_) @import_module name: (identifier) @import_name)
    alias: (_) @import_alias)
  (use_wildcard . (_) @import_module "*" @import_name)])
(use_declaration argument: (scoped_use_list path: (_) @import_module list: (use_list {_USED})))
(use_declaration argument: (scoped_use_list path: (_) @import_module list: (use_list
  (scoped_use_list path: (_) @import_module list: (use_list {_USED})))))
(use_declaration argument: (scoped_use_list path: (_) @import_module list: (use_list
  (scoped_use_list path: (_) @import_module list: (use_list
    (scoped_use_list path: (_) @import_module list: (use_list {_USED})))))))
(use_declaration argument: (scoped_use_list
  path: (scoped_identifier path: (_) @import_module name: (identifier) @import_name)
  list: (use_list (self))))
(use_declaration argument: (scoped_use_list path: (_) @import_module list: (use_list
  (scoped_use_list path: (identifier) @import_name list: (use_list (self))))))
(extern_crate_declaration name: (identifier) @import_module !alias)
(extern_crate_declaration name: (identifier) @import_module alias: (_) @import_alias)
(mod_item name: (identifier) @import_module !body)
"""

_DEFINITIONS = (
    """
(struct_item name: (type_identifier) @name body: (_)? @body) @class
(union_item name: (type_identifier) @name body: (_) @body) @class
(enum_item name: (type_identifier) @name body: (_) @body) @enum
(trait_item name: (type_identifier) @name body: (_) @body) @interface
(impl_item type: [(type_identifier) @name (generic_type type: (type_identifier) @name)
  (scoped_type_identifier name: (type_identifier) @name)] body: (_) @body) @scope
(mod_item name: (identifier) @name body: (_) @body) @module
(type_item name: (type_identifier) @name) @type
(associated_type name: (type_identifier) @name) @type
(function_item name: (identifier) @name body: (_) @body) @function
(function_signature_item name: (identifier) @name) @function
(macro_definition name: (identifier) @name) @macro
(const_item name: (identifier) @name type: (_) @bound_type) @variable
(static_item name: (identifier) @name type: (_) @bound_type) @variable
(enum_variant name: (identifier) @name) @variable
(struct_item body: (field_declaration_list
  (field_declaration name: (field_identifier) @name type: (_) @bound_type) @variable))
(union_item body: (field_declaration_list
  (field_declaration name: (field_identifier) @name type: (_) @bound_type) @variable))
((attribute_item) @whole . [(attribute_item) (function_item) (struct_item) (enum_item) (union_item)
  (trait_item) (mod_item) (type_item) (const_item) (static_item) (macro_definition)
  (function_signature_item) (enum_variant) (field_declaration)] @inner)
((attribute_item (attribute [(identifier) @_test (scoped_identifier name: (identifier) @_test)]))
  . (attribute_item)* . (function_item name: (identifier) @name body: (_) @body) @test
  (#any-of? @_test "test" "rstest" "test_case" "bench" "quickcheck"))

(parameter pattern: [(identifier) @bound (mut_pattern (identifier) @bound)
  (reference_pattern (identifier) @bound)]
  type: [(reference_type type: (_) @bound_type) (type_identifier) @bound_type
    (generic_type) @bound_type (scoped_type_identifier) @bound_type (primitive_type) @bound_type
    (abstract_type) (dynamic_type) (array_type) (tuple_type) (function_type) (pointer_type)])
(closure_parameters [(identifier) @bound (reference_pattern (identifier) @bound)])
(let_declaration pattern: (identifier) @bound !type)
(let_declaration pattern: (identifier) @bound
  type: [(reference_type type: (_) @bound_type) (type_identifier) @bound_type
    (generic_type) @bound_type (scoped_type_identifier) @bound_type (primitive_type) @bound_type
    (abstract_type) (dynamic_type) (array_type) (tuple_type) (function_type) (pointer_type)])
(let_declaration pattern: (identifier) @bound !type value: [
  (struct_expression name: (_) @bound_type)
  (call_expression function: (scoped_identifier
    path: [(identifier) (scoped_identifier)] @bound_type))
  (await_expression (call_expression function: (scoped_identifier
    path: [(identifier) (scoped_identifier)] @bound_type)))
  (try_expression (call_expression function: (scoped_identifier
    path: [(identifier) (scoped_identifier)] @bound_type)))])
(for_expression pattern: [(identifier) @bound (reference_pattern (identifier) @bound)])
(tuple_pattern [(identifier) @bound (mut_pattern (identifier) @bound)])
(tuple_struct_pattern type: (_)
  [(identifier) @bound (mut_pattern (identifier) @bound) (ref_pattern (identifier) @bound)])
(captured_pattern . (identifier) @bound)
(field_pattern name: (shorthand_field_identifier) @bound)
(field_pattern pattern: (identifier) @bound)
"""
    + _IMPORTS
    + """
[(line_comment) (block_comment)] @comment
"""
)

_REFERENCES = """
(use_declaration argument: [(identifier) @import
  (scoped_identifier path: (_) @import name: (_) @import)])
(use_as_clause path: [(identifier) @import (scoped_identifier path: (_) @import name: (_) @import)])
(use_wildcard . (_) @import)
(scoped_use_list path: (_) @import)
(use_list [(identifier) @import (scoped_identifier path: (_) @import name: (_) @import)])
(extern_crate_declaration name: (identifier) @import)
(mod_item name: (identifier) @import !body)
(impl_item trait: [(type_identifier) @inherit (scoped_type_identifier name: (_) @inherit)
  (generic_type type: [(type_identifier) @inherit (scoped_type_identifier name: (_) @inherit)])])
(trait_item bounds: (trait_bounds [(type_identifier) @inherit
  (scoped_type_identifier name: (_) @inherit)
  (generic_type type: [(type_identifier) @inherit (scoped_type_identifier name: (_) @inherit)])]))
((attribute (identifier) @_derive arguments: (token_tree (identifier) @inherit))
  (#eq? @_derive "derive"))
(call_expression function: [
  (identifier) @call (scoped_identifier name: (_) @call) (field_expression field: (_) @call)
  (generic_function function: [(identifier) @call (scoped_identifier name: (_) @call)
    (field_expression field: (_) @call)])])
(macro_invocation macro: [(identifier) @call (scoped_identifier name: (_) @call)])
(struct_expression name: [(type_identifier) @call (scoped_type_identifier name: (_) @call)
  (generic_type_with_turbofish type: (type_identifier) @call)])
(attribute [(identifier) @call (scoped_identifier name: (identifier) @call)])
(token_tree (identifier) @call . (token_tree "("))
(type_identifier) @type
[(identifier) (field_identifier) (shorthand_field_identifier) (self) (super) (crate)] @read
"""

RUST = Language(
    name="rust",
    suffixes=(".rs",),
    grammar=("tree_sitter_rust", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(r"(?:.*/)?(?:tests|benches)/.*|(?:.*/)?(?:tests?|\w+_tests?)\.rs"),
    doc_comment=re.compile(r"///|/\*\*"),
)
