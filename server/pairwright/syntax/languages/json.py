"""How is JSON read? Its two outer levels are: a data file has no end of keys.

Of the settings of a project or a package, the strings that say where modules are count as bindings:
what is bound is the string, in its quotes, and its type the key under which it stands.
"""

import re

from pairwright.syntax.languages.language import DocStyle, Language

_SETTINGS = """
((document (object (pair
    key: (string (string_content) @bound_type) value: [(string) @bound (array (string) @bound)])))
  (#any-of? @bound_type "name" "main" "module" "types" "typings" "source" "exports" "extends"
    "workspaces"))
((document (object (pair key: (string (string_content) @_in)
    value: (object (pair
      key: (string) @bound_type value: [(string) @bound (array (string) @bound)])))))
  (#any-of? @_in "compilerOptions" "exports" "imports" "workspaces"))
((document (object (pair key: (string (string_content) @_in)
    value: (array (object (pair key: (string) @bound_type value: (string) @bound))))))
  (#eq? @_in "references"))
((document (object (pair key: (string (string_content) @_in)
    value: (object (pair value: (object (pair key: (string) @bound_type value: [
      (string) @bound (array (string) @bound) (object (pair value: (string) @bound))])))))))
  (#any-of? @_in "compilerOptions" "exports" "imports"))
"""

_DEFINITIONS = """
(document (object (pair key: (string (string_content) @name)) @key))
(document (object (pair value: (object (pair key: (string (string_content) @name)) @key))))
((pair key: (string (string_content) @_key) value: (string (string_content) @import_module))
  (#any-of? @_key "extends" "$ref") (#not-match? @import_module "^#"))
"""

_REFERENCES = """
((pair key: (string (string_content) @_key) value: (string (string_content) @import))
  (#any-of? @_key "extends" "$ref") (#not-match? @import "^#"))
"""

JSON = Language(
    name="json",
    suffixes=(".json", ".jsonc", ".webmanifest", ".geojson"),
    grammar=("tree_sitter_json", "language"),
    definitions=_DEFINITIONS + _SETTINGS,
    references=_REFERENCES,
    module_alias=None,
    test_path=re.compile(r"(?:.*/)?(?:tests?|__tests__)/.*"),
    doc_style=DocStyle.NONE,
)
