"""How is Python read?"""

import re

from pairwright.syntax.languages.language import DocStyle, Language
from pairwright.syntax.nesting import Columns

_DEFINITIONS = """
(class_definition name: (identifier) @name body: (_) @body) @class
(function_definition name: (identifier) @name body: (_) @body) @function
(decorated_definition definition: (_) @inner) @whole
(type_alias_statement left: (type (identifier) @name)) @variable

(assignment left: (identifier) @name !type !right) @variable
(assignment left: (identifier) @name type: (type) @bound_type) @variable
(assignment left: (identifier) @name !type right: [
  (call function: [(identifier) (attribute)] @bound_type)
  (identifier) @bound_type (attribute) @bound_type (_)]) @variable
(assignment left: (pattern_list (identifier) @name)) @variable
(named_expression name: (identifier) @bound)

(assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)
  (#any-of? @_self "self" "cls")) @field
(assignment left: (attribute object: (identifier) @_self) @bound type: (type) @bound_type
  (#any-of? @_self "self" "cls"))
(assignment left: (attribute object: (identifier) @_self) @bound
  right: (call function: [(identifier) (attribute)] @bound_type) (#any-of? @_self "self" "cls"))
(assignment left: (attribute object: (identifier) @_self) @bound right: (identifier) @bound_type
  (#any-of? @_self "self" "cls"))

(parameters [(identifier) @bound (list_splat_pattern (identifier) @bound)
  (dictionary_splat_pattern (identifier) @bound)])
(default_parameter name: (identifier) @bound)
(typed_parameter . (identifier) @bound type: (type) @bound_type)
(typed_parameter . [(list_splat_pattern (identifier) @bound)
  (dictionary_splat_pattern (identifier) @bound)])
(typed_default_parameter name: (identifier) @bound type: (type) @bound_type)
(lambda_parameters (identifier) @bound)
(tuple_pattern (identifier) @bound)
(case_pattern (dotted_name . (identifier) @bound .))
(for_statement left: (identifier) @bound)
(for_statement left: (pattern_list (identifier) @bound))
(for_in_clause left: (identifier) @bound)
(for_in_clause left: (pattern_list (identifier) @bound))
(with_item value: (as_pattern (call function: [(identifier) (attribute)] @bound_type)
  alias: (as_pattern_target (identifier) @bound)))
(as_pattern alias: (as_pattern_target (identifier) @bound))

(import_statement name: (dotted_name) @import_module)
(import_statement name: (aliased_import name: (_) @import_module alias: (_) @import_alias))
(import_from_statement module_name: (_) @import_module name: (dotted_name) @import_name)
(import_from_statement module_name: (_) @import_module
  name: (aliased_import name: (_) @import_name alias: (_) @import_alias))
(import_from_statement module_name: (_) @import_module (wildcard_import) @import_name)
(block) @block
"""

_REFERENCES = """
(import_statement name: [(dotted_name) @import (aliased_import name: (dotted_name) @import)])
(import_from_statement module_name: (_) @import)
(import_from_statement name: [(dotted_name) @import (aliased_import name: (dotted_name) @import)])
(class_definition superclasses: (argument_list
  [(identifier) @inherit (attribute attribute: (identifier) @inherit)
   (subscript value: [(identifier) @inherit (attribute attribute: (identifier) @inherit)])]))
(call function: [(identifier) @call (attribute attribute: (identifier) @call)])
(decorator [(identifier) @call (attribute attribute: (identifier) @call)])
(type [(identifier) @type (attribute attribute: (identifier) @type)
  (generic_type (identifier) @type) (subscript value: (identifier) @type)
  (binary_operator [(identifier) @type (attribute attribute: (identifier) @type)
    (binary_operator [(identifier) @type (attribute attribute: (identifier) @type)])])])
(type_parameter (type (identifier) @type))
(identifier) @read
"""

PYTHON = Language(
    name="python",
    suffixes=(".py", ".pyi", ".pyw"),
    grammar=("tree_sitter_python", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(
        r"(?:.*/)?(?:tests?|testing)/.*|(?:.*/)?(?:test_[^/]*|[^/]*_test|tests|conftest)\.py[iw]?"
    ),
    test_name=re.compile(r"test.*"),
    doc_style=DocStyle.DOCSTRING,
    is_indentation_significant=True,
    attributes=frozenset({"decorator"}),
    member_separators=(".",),
    # It dies at 492 levels, and at 384 with 255 strings open inside each other.
    bounds=(
        Columns(
            re.compile(rb"[\r\n][ \t\f]*+(?:\\\r?\n[ \t\f]*+)*+"),
            most=250,
            besides_spaces=(b"\t", b"\f", b"\\\n", b"\\\r"),
        ),
    ),
)
