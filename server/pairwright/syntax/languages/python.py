"""How is Python read?"""

import re

import tree_sitter_python

from pairwright.syntax.languages.language import DocStyle, Language

_DEFINITIONS = """
(class_definition name: (identifier) @name body: (_) @body) @class
(function_definition name: (identifier) @name body: (_) @body) @function
(decorated_definition definition: (_) @inner) @whole
(assignment left: (identifier) @name) @variable
(assignment left: (pattern_list (identifier) @name)) @variable
(type_alias_statement left: (type (identifier) @name)) @variable
(import_from_statement module_name: (_) @from name: (dotted_name) @imported)
(import_from_statement module_name: (_) @from name: (aliased_import name: (_) @imported))
"""

_REFERENCES = """
(call function: [(identifier) @call (attribute attribute: (identifier) @call)])
(decorator [(identifier) @call (attribute attribute: (identifier) @call)])
(import_statement name: [(dotted_name) @import (aliased_import name: (dotted_name) @import)])
(import_from_statement module_name: (_) @import)
(class_definition superclasses: (argument_list
  [(identifier) @inherit (attribute) @inherit (subscript value: (_) @inherit)]))
(identifier) @read
"""

_TEST_NAME = re.compile(r"test_.*|.*_test|tests|conftest")


def _is_test_path(path: str) -> bool:
    *directories, name = path.split("/")
    if any(directory in ("tests", "test", "testing") for directory in directories):
        return True
    return bool(_TEST_NAME.fullmatch(name.rpartition(".")[0]))


PYTHON = Language(
    name="python",
    suffixes=(".py", ".pyi", ".pyw"),
    load_grammar=tree_sitter_python.language,
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    doc_style=DocStyle.DOCSTRING,
    is_indentation_significant=True,
    is_test_path=_is_test_path,
)
