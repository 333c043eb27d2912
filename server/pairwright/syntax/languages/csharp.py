"""How is C# read?

`using System.Text;` binds every name of a namespace, so it has a module and no alias.
"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(namespace_declaration name: (_) @name body: (_) @body) @module
(file_scoped_namespace_declaration name: (_) @name) @module
(class_declaration name: (identifier) @name body: (_)? @body) @class
(struct_declaration name: (identifier) @name body: (_)? @body) @class
(record_declaration name: (identifier) @name body: (_)? @body) @class
(interface_declaration name: (identifier) @name body: (_)? @body) @interface
(enum_declaration name: (identifier) @name body: (_) @body) @enum
(delegate_declaration name: (identifier) @name) @type
(method_declaration name: (identifier) @name body: (_)? @body) @function
(constructor_declaration name: (identifier) @name body: (_)? @body) @function
(destructor_declaration "~" . name: (identifier) @name body: (_)? @body) @function
(local_function_statement name: (identifier) @name body: (_)? @body) @function
(operator_declaration operator: _ @name body: (_)? @body) @function
(indexer_declaration "this" @name) @function
((method_declaration (attribute_list (attribute name: [(identifier) @_test
    (qualified_name name: (identifier) @_test)]))
  name: (identifier) @name body: (_) @body) @test
  (#any-of? @_test "Fact" "Theory" "Test" "TestCase" "TestMethod" "DataTestMethod"))

(property_declaration type: (_) @bound_type name: (identifier) @name) @variable
(event_declaration type: (_) @bound_type name: (identifier) @name) @variable
(enum_member_declaration name: (identifier) @name) @variable
(field_declaration (variable_declaration type: (_) @bound_type
  (variable_declarator name: (identifier) @name))) @variable
(event_field_declaration (variable_declaration type: (_) @bound_type
  (variable_declarator name: (identifier) @name))) @variable
(record_declaration (parameter_list
  (parameter type: (_) @bound_type name: (identifier) @name) @variable))

(parameter type: (_) @bound_type name: (identifier) @bound)
(parameter !type name: (identifier) @bound)
(parameter_list type: (_) @bound_type name: (identifier) @bound)
(implicit_parameter) @bound
(catch_declaration type: (_) @bound_type name: (identifier) @bound)
(declaration_pattern type: (_) @bound_type name: (identifier) @bound)
(declaration_expression type: [(identifier) (qualified_name) (generic_name) (predefined_type)
  (nullable_type) (array_type)] @bound_type name: (identifier) @bound)
(foreach_statement type: [(identifier) (qualified_name) (generic_name) (predefined_type)
  (nullable_type) (array_type)] @bound_type left: (identifier) @bound)
(foreach_statement type: (implicit_type) left: (identifier) @bound)
([(local_declaration_statement (variable_declaration type: (_) @bound_type
    (variable_declarator name: (identifier) @bound)))
  (using_statement (variable_declaration type: (_) @bound_type
    (variable_declarator name: (identifier) @bound)))
  (for_statement initializer: (variable_declaration type: (_) @bound_type
    (variable_declarator name: (identifier) @bound)))] (#not-eq? @bound_type "var"))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @bound))
(variable_declaration type: (implicit_type) (variable_declarator name: (identifier) @bound
  (object_creation_expression type: (_) @bound_type)))

(using_directive name: (identifier) @import_alias (_) @import_module .)
(using_directive !name [(identifier) (qualified_name) (alias_qualified_name)] @import_module)
(comment) @comment
"""

_REFERENCES = """
(namespace_declaration name: (_) @import)
(file_scoped_namespace_declaration name: (_) @import)
(using_directive !name [(identifier) (qualified_name) (alias_qualified_name)] @import)
(using_directive name: (_) [(identifier) (qualified_name) (alias_qualified_name)] @import .)
(base_list [(identifier) @inherit (generic_name . (identifier) @inherit)
  (qualified_name name: [(identifier) @inherit (generic_name . (identifier) @inherit)])
  (primary_constructor_base_type type: [(identifier) @inherit
    (generic_name . (identifier) @inherit)])])
(invocation_expression function: [
  (identifier) @call (generic_name . (identifier) @call)
  (member_access_expression name: [(identifier) @call (generic_name . (identifier) @call)])
  (conditional_access_expression (member_binding_expression
    name: [(identifier) @call (generic_name . (identifier) @call)]))])
(object_creation_expression type: [(identifier) @call (generic_name . (identifier) @call)
  (qualified_name name: [(identifier) @call (generic_name . (identifier) @call)])])
(attribute name: [(identifier) @call (qualified_name name: (identifier) @call)])
(constructor_initializer ["base" "this"] @call)
(_ type: [(identifier) @type (qualified_name name: (identifier) @type)
  (nullable_type [(identifier) @type (qualified_name name: (identifier) @type)])
  (array_type type: (identifier) @type)])
(method_declaration returns: [(identifier) @type (qualified_name name: (identifier) @type)
  (nullable_type (identifier) @type) (array_type type: (identifier) @type)])
(generic_name . (identifier) @type)
(type_argument_list [(identifier) @type (qualified_name name: (identifier) @type)
  (nullable_type (identifier) @type)])
(type_parameter_constraints_clause . (identifier) @type)
[(identifier) "this" "base"] @read
"""

CSHARP = Language(
    name="csharp",
    suffixes=(".cs", ".csx"),
    grammar=("tree_sitter_c_sharp", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(r"(?:.*/)?(?:[Tt]ests?|[^/]*\.(?:\w*Tests?))/.*|(?:.*/)?\w+Tests?\.csx?"),
    doc_comment=re.compile(r"///|/\*\*"),
    module_alias=None,
    attributes=frozenset({"attribute_list"}),
    member_separators=(".", "?.", "!.", "::", "->"),
)
