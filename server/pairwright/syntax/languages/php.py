"""How is PHP read?

A variable's name is read without its `$`, so that `$this->store` is the `store` of `this`. What is
used is read as what is before its last `\\`, and a name of that. The namespace that a file belongs
to is a module without a body.
"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = r"""
(namespace_definition name: (_) @name body: (_)? @body) @module
(class_declaration name: (name) @name body: (_) @body) @class
(interface_declaration name: (name) @name body: (_) @body) @interface
(trait_declaration name: (name) @name body: (_) @body) @interface
(enum_declaration name: (name) @name body: (_) @body) @enum
(function_definition name: (name) @name body: (_) @body) @function
(method_declaration name: (name) @name body: (_)? @body) @function
((method_declaration attributes: (attribute_list (attribute_group (attribute (name) @_test)))
  name: (name) @name body: (_) @body) @test (#eq? @_test "Test"))
((function_call_expression function: (name) @_test
  arguments: (arguments . (argument (_) @name) (argument [(anonymous_function body: (_) @body)
    (arrow_function body: (_) @body)]))) @test (#any-of? @_test "it" "test" "describe"))

(const_declaration (const_element . (name) @name)) @variable
((function_call_expression function: (name) @_define
  arguments: (arguments . (argument (string (string_content) @name)))) @variable
  (#eq? @_define "define"))
(enum_case name: (name) @name) @variable
(property_declaration !type (property_element name: (variable_name (name) @name))) @variable
(property_declaration type: [(named_type) @bound_type (primitive_type) @bound_type
  (optional_type (_) @bound_type) (union_type) @bound_type]
  (property_element name: (variable_name (name) @name))) @variable
(property_promotion_parameter name: (variable_name (name) @name)) @field
(property_promotion_parameter type: [(named_type) @bound_type (primitive_type) @bound_type
    (optional_type (_) @bound_type) (union_type) @bound_type]
  name: (variable_name (name) @bound))

(simple_parameter !type name: (variable_name (name) @bound))
(simple_parameter type: [(named_type) @bound_type (primitive_type) @bound_type
    (optional_type (_) @bound_type) (union_type) @bound_type (intersection_type) @bound_type]
  name: (variable_name (name) @bound))
(variadic_parameter name: (variable_name (name) @bound))
(assignment_expression left: (variable_name (name) @bound))
(assignment_expression left: (variable_name (name) @bound)
  right: (object_creation_expression . [(name) (qualified_name)] @bound_type))
(foreach_statement (pair (variable_name (name) @bound)))
(foreach_statement . (_) . (variable_name (name) @bound))
(catch_clause type: (_) @bound_type name: (variable_name (name) @bound))
(list_literal (variable_name (name) @bound))

(namespace_use_declaration (namespace_use_clause . (name) @import_module .))
(namespace_use_declaration
  (namespace_use_clause . (name) @import_module alias: (_) @import_alias))
(namespace_use_declaration (namespace_use_clause
  (qualified_name prefix: (namespace_name) @import_module (name) @import_name) .))
(namespace_use_declaration (namespace_use_clause
  (qualified_name prefix: (namespace_name) @import_module (name) @import_name)
  alias: (_) @import_alias))
(namespace_use_declaration (namespace_name) @import_module
  body: (namespace_use_group (namespace_use_clause . (name) @import_name .)))
(namespace_use_declaration (namespace_name) @import_module
  body: (namespace_use_group (namespace_use_clause . (name) @import_name alias: (_) @import_alias)))
(require_once_expression [(string (string_content) @import_module)
  (binary_expression right: (string (string_content) @import_module))])
(require_expression [(string (string_content) @import_module)
  (binary_expression right: (string (string_content) @import_module))])
(include_once_expression [(string (string_content) @import_module)
  (binary_expression right: (string (string_content) @import_module))])
(include_expression [(string (string_content) @import_module)
  (binary_expression right: (string (string_content) @import_module))])
(comment) @comment
"""

_REFERENCES = r"""
(namespace_definition name: (_) @import)
(namespace_use_clause [(name) @import
  (qualified_name prefix: (namespace_name) @import (name) @import)])
(namespace_use_declaration (namespace_name) @import)
(base_clause [(name) @inherit (qualified_name (name) @inherit)])
(class_interface_clause [(name) @inherit (qualified_name (name) @inherit)])
(use_declaration [(name) @inherit (qualified_name (name) @inherit)])
(function_call_expression function: [(name) @call (qualified_name (name) @call)
  (variable_name (name) @call)])
(member_call_expression name: (name) @call)
(nullsafe_member_call_expression name: (name) @call)
(scoped_call_expression name: (name) @call)
(object_creation_expression . [(name) @call (qualified_name (name) @call)])
(attribute [(name) @call (qualified_name (name) @call)])
(named_type [(name) @type (qualified_name (name) @type)])
[(name) (relative_scope)] @read
"""

PHP = Language(
    name="php",
    suffixes=(".php", ".phtml"),
    grammar=("tree_sitter_php", "language_php"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(r"(?:.*/)?[Tt]ests?/.*|(?:.*/)?\w+Test\.php"),
    test_name=re.compile(r"test(?:[^a-z].*)?"),
    doc_comment=re.compile(r"/\*\*"),
    module_alias=re.compile(r"(\w+)$"),
    attributes=frozenset({"attribute_list"}),
    member_separators=("->", "?->", "::", "\\"),
)
