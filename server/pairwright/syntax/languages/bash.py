"""How are Bash and its kin read?"""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
(function_definition name: (word) @name body: (_) @body) @function
(program (variable_assignment name: (variable_name) @name) @variable)
(program (if_statement (variable_assignment name: (variable_name) @name) @variable))
(declaration_command (variable_assignment name: (variable_name) @name) @variable)
(declaration_command . (variable_assignment) @inner .) @whole
(declaration_command . (word) . (variable_assignment) @inner .) @whole
(declaration_command (variable_name) @bound)
(for_statement variable: (variable_name) @bound)
((command name: (command_name (word) @_source) . argument: [(word) @import_module
    (raw_string) @import_module (string (string_content) @import_module .)])
  (#any-of? @_source "source" "."))
(comment) @comment
"""
# Of a path that begins with a variable ("$HERE/lib.sh") the rest is the module: where it begins is
# known only when it runs.

_REFERENCES = """
((command name: (command_name (word) @_source) . argument: [(word) @import
    (raw_string) @import (string (string_content) @import .)])
  (#any-of? @_source "source" "."))
(command_name (word) @call)
((variable_name) @read (#not-match? @read "^[0-9]"))
"""

BASH = Language(
    name="bash",
    suffixes=(".sh", ".bash", ".ksh", ".zsh"),
    filenames=(".bashrc", ".bash_profile", ".bash_aliases", ".profile", ".zshrc", "pkgbuild"),
    grammar=("tree_sitter_bash", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    module_alias=None,
    test_path=re.compile(
        r"(?:.*/)?(?:tests?|t)/.*\.(?:sh|bash)|(?:.*/)?(?:test[_\-][^/]*|[^/]*[_\-]test)\.(?:sh|bash)"
    ),
    test_name=re.compile(r"test.*"),
)
