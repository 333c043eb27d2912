"""How is SQL read? In the dialects that share the standard's words."""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(create_table (object_reference name: (_) @name) (column_definitions)? @body) @table
(create_view (object_reference name: (_) @name) (create_query)? @body) @table
(create_materialized_view (object_reference name: (_) @name) (create_query)? @body) @table
(create_type (object_reference name: (_) @name)) @type
(create_function (object_reference name: (_) @name) (function_body)? @body) @function
(create_procedure (object_reference name: (_) @name)) @function
(create_trigger (keyword_trigger) . (object_reference name: (_) @name)) @function
(create_index column: (identifier) @name) @key
(create_sequence (object_reference name: (_) @name)) @key
(create_schema (identifier) @name) @module
(alter_table (object_reference name: (_) @container)
  (add_column (column_definition name: (_) @name) @variable))
(column_definitions (column_definition name: (_) @name) @variable)

(relation (object_reference name: (_) @bound_type) alias: (identifier) @bound)
(cte . (identifier) @bound)
(function_argument . (identifier) @bound)
[(comment) (marginalia)] @comment
"""

_REFERENCES = """
(invocation (object_reference name: (_) @call))
(create_trigger (keyword_function) . (object_reference name: (_) @call))
(create_trigger (keyword_procedure) . (object_reference name: (_) @call))
[(relation (object_reference name: (_) @type))
 (from (object_reference name: (_) @type))
 (insert (object_reference name: (_) @type))
 (column_definition (object_reference name: (_) @type))
 (constraint (object_reference name: (_) @type))
 (create_index (object_reference name: (_) @type))
 (create_trigger (keyword_on) . (object_reference name: (_) @type))
 (alter_table (object_reference name: (_) @type))
 (drop_table (object_reference name: (_) @type))
 (drop_view (object_reference name: (_) @type))]
(identifier) @read
"""

SQL = Language(
    name="sql",
    suffixes=(".sql", ".ddl", ".psql"),
    grammar=("tree_sitter_sql", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(".",),
    test_path=re.compile(r"(?:.*/)?tests?/.*"),
)
