"""How is Elixir read? Its definitions are calls like all else, told by the called name."""

import re

from pairwright.syntax.languages.language import Language

_FUNCTIONS = '"def" "defp" "defdelegate" "defguard" "defguardp" "defn" "defnp"'
_MACROS = '"defmacro" "defmacrop"'
_IMPORTS = '"alias" "import" "require" "use"'
_ABOUT_NEXT = '"doc" "typedoc" "moduledoc" "spec" "impl" "deprecated" "since" "tag" "moduletag"'
_TYPES = '"type" "typep" "opaque"'
_CALLBACKS = '"callback" "macrocallback"'
_FORMS = (
    f'{_FUNCTIONS} {_MACROS} {_IMPORTS} "defmodule" "defprotocol" "defimpl" "defstruct" '
    f'"defexception" "if" "unless" "case" "cond" "with" "for" "try" "receive" "quote" "unquote" '
    f'"test" "describe" "setup" "setup_all" {_ABOUT_NEXT} {_TYPES} {_CALLBACKS} "behaviour"'
)
"""What is written like a call and says how the rest is meant."""
_FORM_PATTERN = f"^({_FORMS.replace(' ', '|')})$".replace('"', "")
_ATTRIBUTES = f'{_ABOUT_NEXT} {_TYPES} {_CALLBACKS} "behaviour"'
_ATTRIBUTE_PATTERN = f"^({_ATTRIBUTES.replace(' ', '|')})$".replace('"', "")

_HEAD = """[(identifier) @name (call target: (identifier) @name)
    (binary_operator
      left: [(identifier) @name (call target: (identifier) @name)] operator: "when")]"""

_DEFINITIONS = f"""
((call target: (identifier) @_form (arguments . (alias) @name) (do_block) @body) @module
  (#eq? @_form "defmodule"))
((call target: (identifier) @_form (arguments . (alias) @name) (do_block) @body) @interface
  (#eq? @_form "defprotocol"))
((call target: (identifier) @_form (arguments (keywords (pair key: (keyword) @_for
    value: (alias) @name))) (do_block) @body) @scope
  (#eq? @_form "defimpl") (#match? @_for "^for:"))
((call target: (identifier) @_form (arguments . {_HEAD}) (do_block)? @body) @function
  (#any-of? @_form {_FUNCTIONS}))
((call target: (identifier) @_form (arguments . {_HEAD}) (do_block)? @body) @macro
  (#any-of? @_form {_MACROS}))
((call target: (identifier) @_form (arguments . (string (quoted_content) @name))
    (do_block) @body) @scope (#eq? @_form "describe"))
((call target: (identifier) @_form (arguments . (string (quoted_content) @name))
    (do_block) @body) @test (#any-of? @_form "test" "property"))
((unary_operator operator: "@" operand: (call target: (identifier) @_form (arguments
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)]
      operator: "::")))) @type (#any-of? @_form {_TYPES}))
((unary_operator operator: "@" operand: (call target: (identifier) @_form (arguments
    (binary_operator left: (call target: (identifier) @name) operator: "::")))) @function
  (#any-of? @_form {_CALLBACKS}))
((unary_operator operator: "@" operand: (call target: (identifier) @name)) @variable
  (#not-match? @name "{_ATTRIBUTE_PATTERN}"))
((unary_operator operator: "@" operand: (call target: (identifier) @_about)) @comment
  (#any-of? @_about "doc" "typedoc" "spec" "impl"))

((call target: (identifier) @_form (arguments . [
    (call (arguments (identifier) @bound))
    (call (arguments (binary_operator operator: "=" right: (identifier) @bound)))
    (call (arguments (binary_operator . (identifier) @bound operator: "\\\\\\\\")))
    (binary_operator left: (call (arguments (identifier) @bound)) operator: "when")]))
  (#any-of? @_form {_FUNCTIONS} {_MACROS}))
(binary_operator left: (identifier) @bound operator: "=")
(binary_operator left: (tuple (identifier) @bound) operator: "=")
(binary_operator left: (identifier) @bound operator: "<-")
(stab_clause left: (arguments [(identifier) @bound (tuple (identifier) @bound)]))

((call target: (identifier) @_form (arguments . (alias) @import_module .))
  (#any-of? @_form {_IMPORTS}))
((call target: (identifier) @_form (arguments . (dot left: (alias) @import_module
    right: (tuple (alias) @import_name)))) (#any-of? @_form {_IMPORTS}))
((call target: (identifier) @_form (arguments . (alias) @import_module
    (keywords (pair key: (keyword) @_as value: (alias) @import_alias))))
  (#any-of? @_form {_IMPORTS}) (#match? @_as "^as:"))
((call target: (identifier) @_form (arguments . (alias) @import_module
    (keywords (pair key: (keyword) @_only value: (list (keywords (pair
      key: (keyword) @_any)))))))
  (#eq? @_form "import") (#match? @_only "^(only|except):"))
(comment) @comment
"""

_REFERENCES = f"""
((call target: (identifier) @_form (arguments . [(alias) @import
    (dot left: (alias) @import right: (tuple (alias) @import))]))
  (#any-of? @_form {_IMPORTS}))
((call target: (identifier) @_form (arguments . (alias) @inherit)) (#eq? @_form "defimpl"))
((unary_operator operator: "@" operand: (call target: (identifier) @_form
    (arguments (alias) @inherit))) (#eq? @_form "behaviour"))
((call target: (identifier) @call) (#not-match? @call "{_FORM_PATTERN}"))
(call target: (dot right: (identifier) @call) (arguments))
(struct (alias) @type)
(alias) @read
((identifier) @read (#not-match? @read "{_FORM_PATTERN}"))
"""

ELIXIR = Language(
    name="elixir",
    suffixes=(".ex", ".exs"),
    grammar=("tree_sitter_elixir", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    member_separators=(".",),
    module_alias=re.compile(r"(?:.*\.)?(\w+)$"),
    has_clauses=True,
    test_path=re.compile(r"(?:.*/)?test/.*|(?:.*/)?[^/]*_test\.exs"),
)
