"""How is Lua read?"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(function_declaration name: (identifier) @name body: (_)? @body) @function
(function_declaration name: [
    (dot_index_expression table: (_) @container field: (identifier) @name)
    (method_index_expression table: (_) @container method: (identifier) @name)]
  body: (_)? @body) @function
(assignment_statement (variable_list . name: (identifier) @name)
  (expression_list . value: (function_definition body: (_)? @body))) @function
(assignment_statement (variable_list . name: (dot_index_expression
    table: (_) @container field: (identifier) @name))
  (expression_list . value: (function_definition body: (_)? @body))) @function
(field name: (identifier) @name value: (function_definition body: (_)? @body)) @function
(variable_declaration (assignment_statement) @inner) @whole

(variable_declaration (assignment_statement (variable_list name: (identifier) @name)) @variable)
(variable_declaration (variable_list name: (identifier) @name)) @variable
(chunk (assignment_statement (variable_list name: (identifier) @name)) @variable)
(chunk (assignment_statement (variable_list . name: (dot_index_expression
  table: (identifier) @container field: (identifier) @name))) @variable)

(parameters name: (identifier) @bound)
(for_generic_clause (variable_list name: (identifier) @bound))
(for_numeric_clause name: (identifier) @bound)

((function_call name: (identifier) @_group
  arguments: (arguments . (string) @name (function_definition body: (_)? @body))) @scope
  (#any-of? @_group "describe" "context"))
((function_call name: (identifier) @_case
  arguments: (arguments . (string) @name (function_definition body: (_)? @body))) @test
  (#any-of? @_case "it" "test"))

((chunk (function_call name: (identifier) @_require
  arguments: (arguments . (string content: (string_content) @import_module))))
  (#any-of? @_require "require" "dofile"))
((assignment_statement
  (variable_list . name: (identifier) @import_alias .)
  (expression_list . value: (function_call name: (identifier) @_require
    arguments: (arguments . (string content: (string_content) @import_module)))))
  (#any-of? @_require "require" "dofile"))
(comment) @comment
"""

_REFERENCES = """
((function_call name: (identifier) @_require
  arguments: (arguments . (string content: (string_content) @import)))
  (#any-of? @_require "require" "dofile"))
(function_call name: [(identifier) @call (dot_index_expression field: (identifier) @call)
  (method_index_expression method: (identifier) @call)])
(identifier) @read
"""

LUA = Language(
    name="lua",
    suffixes=(".lua", ".rockspec"),
    grammar=("tree_sitter_lua", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    module_alias=None,
    test_path=re.compile(
        r"(?:.*/)?(?:tests?|spec)/.*|(?:.*/)?(?:test_[^/]*|[^/]*_(?:test|spec))\.lua"
    ),
    member_separators=(".", ":"),
    test_name=re.compile(r"test.*"),
)
