"""How is Kotlin read?

`import a.b.C` is `C` of `a.b`. What a companion object holds belongs to its class, an extension to
the type that it extends. The package that a file belongs to is a module without a body.
"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(package_header (qualified_identifier) @name) @module
(class_declaration "class" name: (identifier) @name (class_body)? @body) @class
(class_declaration "class" name: (identifier) @name (enum_class_body) @body) @enum
(class_declaration "interface" name: (identifier) @name (class_body)? @body) @interface
(object_declaration name: (identifier) @name (class_body)? @body) @class
(companion_object name: (identifier) @name (class_body) @body) @class
(type_alias type: (identifier) @name) @type
(enum_entry . (modifiers)? . (identifier) @name) @variable
(function_declaration name: (identifier) @name (function_body)? @body) @function
(function_declaration [(user_type . (identifier) @container)
    (nullable_type (user_type . (identifier) @container))]
  . name: (identifier) @name (function_body)? @body) @function
((function_declaration
  (modifiers (annotation [(user_type (identifier) @_test)
    (constructor_invocation (user_type (identifier) @_test))]))
  name: (identifier) @name (function_body) @body) @test
  (#any-of? @_test "Test" "ParameterizedTest" "RepeatedTest" "TestFactory"))
(secondary_constructor "constructor" @name (block)? @body) @function

(property_declaration (variable_declaration (identifier) @name)) @variable
(property_declaration (variable_declaration (identifier) @name (_) @bound_type)) @variable
(property_declaration (variable_declaration . (identifier) @name .)
  (call_expression . (identifier) @bound_type)) @variable
(property_declaration (user_type . (identifier) @container)
  . (variable_declaration . (identifier) @name (_)? @bound_type)) @variable
(class_parameter ["val" "var"] (identifier) @name . (_) @bound_type) @variable
(class_parameter (identifier) @bound . (_) @bound_type)
(parameter . (identifier) @bound . (_) @bound_type)
(multi_variable_declaration (variable_declaration . (identifier) @bound))
(for_statement (variable_declaration . (identifier) @bound))
(for_statement (variable_declaration . (identifier) @bound (_) @bound_type))
(lambda_parameters (variable_declaration . (identifier) @bound))
(lambda_parameters (variable_declaration . (identifier) @bound (_) @bound_type))
(catch_block . (identifier) @bound . (_) @bound_type)
(when_subject (variable_declaration . (identifier) @bound))

((import (qualified_identifier . (identifier) @import_module . (identifier) @import_name .) .)
  @_import (#not-match? @_import "[*]$"))
((import (qualified_identifier . (identifier) @import_module (identifier) @import_module
  . (identifier) @import_name .) .) @_import (#not-match? @_import "[*]$"))
(import (qualified_identifier . (identifier) @import_module . (identifier) @import_name .)
  . (identifier) @import_alias)
(import (qualified_identifier . (identifier) @import_module (identifier) @import_module
  . (identifier) @import_name .) . (identifier) @import_alias)
(import (qualified_identifier) @import_module "*" @import_name)
[(line_comment) (block_comment)] @comment
"""

_REFERENCES = """
(package_header (qualified_identifier) @import)
(import (qualified_identifier) @import)
(delegation_specifier [
  (user_type (identifier) @inherit .)
  (user_type (identifier) @inherit . (type_arguments))
  (constructor_invocation [(user_type (identifier) @inherit .)
    (user_type (identifier) @inherit . (type_arguments))])
  (explicit_delegation [(user_type (identifier) @inherit .)
    (user_type (identifier) @inherit . (type_arguments))])])
(call_expression . [(identifier) @call (navigation_expression (identifier) @call .)])
(annotation [(user_type (identifier) @call .)
  (constructor_invocation (user_type (identifier) @call .))])
(infix_expression . (_) . (identifier) @call)
[(user_type (identifier) @type .) (user_type (identifier) @type . (type_arguments))]
[(identifier) (this_expression) (super_expression)] @read
"""

KOTLIN = Language(
    name="kotlin",
    suffixes=(".kt", ".kts"),
    grammar=("tree_sitter_kotlin", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(
        r"(?:.*/)?(?:tests?|\w+Test)/.*|(?:.*/)?(?:Test\w+|\w+(?:Tests?|Spec|IT))\.kt"
    ),
    doc_comment=re.compile(r"/\*\*"),
    attributes=frozenset({"annotation"}),
    member_separators=(".", "?.", "!!.", "::"),
)
