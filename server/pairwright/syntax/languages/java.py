"""How is Java read?

An imported name comes from what is before its last dot: `import java.util.List` is `List` of
`java.util`, and `import java.util.*` is everything of `java.util`. The package that a file belongs
to is a module without a body.
"""

import re

from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import OPEN_BRACES

_DEFINITIONS = """
(class_declaration name: (identifier) @name body: (_) @body) @class
(record_declaration name: (identifier) @name body: (_) @body) @class
(interface_declaration name: (identifier) @name body: (_) @body) @interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @interface
(enum_declaration name: (identifier) @name body: (_) @body) @enum
(package_declaration (_) @name) @module
(module_declaration name: (_) @name body: (_) @body) @module
(method_declaration name: (identifier) @name body: (_)? @body) @function
(constructor_declaration name: (identifier) @name body: (_) @body) @function
(compact_constructor_declaration name: (identifier) @name body: (_) @body) @function
(annotation_type_element_declaration name: (identifier) @name) @function
((method_declaration
  (modifiers [(marker_annotation name: (identifier) @_test) (annotation name: (identifier) @_test)])
  name: (identifier) @name body: (_) @body) @test
  (#any-of? @_test "Test" "ParameterizedTest" "RepeatedTest" "TestFactory" "TestTemplate"))

(enum_constant name: (identifier) @name) @variable
(field_declaration type: (_) @bound_type
  declarator: (variable_declarator name: (identifier) @name)) @variable
(constant_declaration type: (_) @bound_type
  declarator: (variable_declarator name: (identifier) @name)) @variable
(record_declaration parameters: (formal_parameters
  (formal_parameter type: (_) @bound_type name: (identifier) @name) @variable))

(formal_parameter type: (_) @bound_type name: (identifier) @bound)
(spread_parameter (_) @bound_type . "..." (variable_declarator name: (identifier) @bound))
(catch_formal_parameter (catch_type) @bound_type name: (identifier) @bound)
(lambda_expression parameters: (identifier) @bound)
(inferred_parameters (identifier) @bound)
(instanceof_expression right: (_) @bound_type name: (identifier) @bound)
(type_pattern (_) @bound_type . (identifier) @bound)
(local_variable_declaration declarator: (variable_declarator name: (identifier) @bound))
(enhanced_for_statement name: (identifier) @bound)
(resource name: (identifier) @bound)
([(local_variable_declaration type: (_) @bound_type
    declarator: (variable_declarator name: (identifier) @bound))
  (enhanced_for_statement type: (_) @bound_type name: (identifier) @bound)
  (resource type: (_) @bound_type name: (identifier) @bound)]
  (#not-eq? @bound_type "var"))
([(local_variable_declaration type: (type_identifier) @_var declarator: (variable_declarator
    name: (identifier) @bound value: (object_creation_expression type: (_) @bound_type)))
  (resource type: (type_identifier) @_var
    name: (identifier) @bound value: (object_creation_expression type: (_) @bound_type))]
  (#eq? @_var "var"))

(import_declaration
  (scoped_identifier scope: (_) @import_module name: (identifier) @import_name) .)
(import_declaration (_) @import_module . (asterisk) @import_name)
[(line_comment) (block_comment)] @comment
"""

_REFERENCES = """
(package_declaration (_) @import)
(import_declaration (scoped_identifier scope: (_) @import name: (identifier) @import) .)
(import_declaration (_) @import . (asterisk))
(superclass [(type_identifier) @inherit (scoped_type_identifier (type_identifier) @inherit .)
  (generic_type . [(type_identifier) @inherit
    (scoped_type_identifier (type_identifier) @inherit .)])])
([(super_interfaces (type_list [(type_identifier) @inherit
    (scoped_type_identifier (type_identifier) @inherit .)
    (generic_type . [(type_identifier) @inherit
      (scoped_type_identifier (type_identifier) @inherit .)])]))
  (extends_interfaces (type_list [(type_identifier) @inherit
    (scoped_type_identifier (type_identifier) @inherit .)
    (generic_type . [(type_identifier) @inherit
      (scoped_type_identifier (type_identifier) @inherit .)])]))])
(method_invocation name: (identifier) @call)
(object_creation_expression type: [(type_identifier) @call
  (scoped_type_identifier (type_identifier) @call .)
  (generic_type . [(type_identifier) @call (scoped_type_identifier (type_identifier) @call .)])])
(explicit_constructor_invocation constructor: (_) @call)
(marker_annotation name: [(identifier) @call (scoped_identifier name: (identifier) @call)])
(annotation name: [(identifier) @call (scoped_identifier name: (identifier) @call)])
(type_identifier) @type
[(identifier) (this) (super)] @read
"""

JAVA = Language(
    name="java",
    suffixes=(".java",),
    grammar=("tree_sitter_java", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(
        r"(?:.*/)?(?:tests?|\w+Test)/.*|(?:.*/)?(?:Test\w+|\w+(?:Tests?|TestCase|IT))\.java"
    ),
    doc_comment=re.compile(r"/\*\*"),
    attributes=frozenset({"marker_annotation", "annotation"}),
    bounds=(OPEN_BRACES,),
)
