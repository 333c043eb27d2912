"""How is Haskell read?"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(header module: (module) @name) @module
(type_synonym name: (name) @name) @type
(type_family name: (name) @name) @type
(data_family name: (name) @name) @type
(newtype name: (name) @name constructor: (_) @body) @class
(data_type name: (name) @name constructors: (_)? @body) @class
(newtype_constructor name: (constructor) @name) @variable
(data_constructor constructor: (_ name: (constructor) @name)) @variable
(gadt_constructor name: (constructor) @name) @variable
(field name: (field_name (variable) @name)) @variable
(class name: (name) @name declarations: (_)? @body) @interface
(instance patterns: (type_patterns . [
  (name) @name (parens (apply constructor: (name) @name))])) @scope
(pattern_synonym (signature synonym: (constructor) @name)) @function
(pattern_synonym (equation synonym: [(constructor) @name (apply function: (constructor) @name)
  (apply function: (apply function: (constructor) @name))])) @function
(foreign_import signature: (signature name: (variable) @name)) @function

(signature name: [(variable) @name (prefix_id (_) @name)] type: (name)) @variable
(signature name: [(variable) @name (prefix_id (_) @name)] type: [
  (function) (context) (forall) (apply) (variable) (tuple) (list) (unit) (parens)]) @function
(function name: [(variable) @name (prefix_id (_) @name)]) @function
(function (infix operator: [(operator) @name (infix_id (variable) @name)])) @function
[(declarations (bind name: [(variable) @name (prefix_id (_) @name)]) @function)
 (class_declarations (bind name: [(variable) @name (prefix_id (_) @name)]) @function)
 (instance_declarations (bind name: [(variable) @name (prefix_id (_) @name)]) @function)]
(local_binds (bind name: (variable) @name) @variable)

(patterns [(variable) @bound
  (parens pattern: (apply argument: (variable) @bound))
  (parens pattern: (apply function: (apply argument: (variable) @bound)))
  (parens pattern: (infix (variable) @bound))
  (tuple element: (variable) @bound)
  (list element: (variable) @bound)
  (as bind: (variable) @bound)])
(function (infix [left_operand: (variable) @bound right_operand: (variable) @bound]))
(bind pattern: [(variable) @bound (tuple element: (variable) @bound)])
(alternative pattern: [(variable) @bound (apply argument: (variable) @bound)
  (infix (variable) @bound) (tuple element: (variable) @bound)])

(import module: (module) @import_module !names !alias)
(import module: (module) @import_module !names alias: (module) @import_alias)
((import module: (module) @import_module names: (import_list)) @_import
  (#match? @_import "\\\\shiding\\\\s"))
((import module: (module) @import_module names: (import_list name: (import_name
  [variable: (variable) @import_name type: (name) @import_name]))) @_import
  (#not-match? @_import "\\\\shiding\\\\s"))
[(comment) (haddock)] @comment
"""

_REFERENCES = """
(import module: (module) @import)
((import names: (import_list name: (import_name [(variable) @import (name) @import]))) @_import
  (#not-match? @_import "\\\\shiding\\\\s"))
(instance name: (name) @inherit)
(deriving_instance name: (name) @inherit)
(class context: (context context: (apply constructor: (name) @inherit)))
(deriving classes: [(name) @inherit (tuple (name) @inherit)])
(apply function: [(variable) @call (qualified id: (variable) @call)])
(infix operator: (infix_id [(variable) @call (qualified id: (variable) @call)]))
(name) @type
(qualified module: (module (module_id) @read))
[(variable) (constructor) (operator) (constructor_operator)] @read
"""

HASKELL = Language(
    name="haskell",
    suffixes=(".hs", ".hs-boot"),
    grammar=("tree_sitter_haskell", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(".",),
    module_alias=None,
    has_clauses=True,
    test_path=re.compile(r"(?:.*/)?tests?/.*|(?:.*/)?[^/]*(?:Spec|Tests?)\.hs"),
    test_name=re.compile(r"(?:prop|test|unit|case)_.*|spec"),
    doc_comment=re.compile(r"--+\s*\||\{-\s*\|"),
)
