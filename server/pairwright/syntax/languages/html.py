"""How is HTML read? What its scripts and styles say inside the page is not."""

import re

from pairwright.syntax.languages.language import Language

_DEFINITIONS = """
([(start_tag (attribute (attribute_name) @_id
    [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]))
  (self_closing_tag (attribute (attribute_name) @_id
    [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]))] @key
  (#eq? @_id "id"))
((attribute (attribute_name) @_link [(attribute_value) @import_module
    (quoted_attribute_value (attribute_value) @import_module)])
  (#any-of? @_link "src" "href") (#not-match? @import_module "^([a-z]+:|#|//)"))
(comment) @comment
"""
# An `id` is the key of its tag, not of its element: pages name their places flat (`#card`).

_REFERENCES = """
((attribute (attribute_name) @_link [(attribute_value) @import
    (quoted_attribute_value (attribute_value) @import)])
  (#any-of? @_link "src" "href") (#not-match? @import "^([a-z]+:|#|//)"))
((start_tag (tag_name) @read) (#match? @read "-"))
((self_closing_tag (tag_name) @read) (#match? @read "-"))
((attribute (attribute_name) @_class
  [(attribute_value) @read (quoted_attribute_value (attribute_value) @read)])
  (#any-of? @_class "class" "for") (#match? @read "^[^ \\\\t\\\\n]+$"))
"""

HTML = Language(
    name="html",
    suffixes=(".html", ".htm", ".xhtml"),
    grammar=("tree_sitter_html", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    module_alias=None,
    test_path=re.compile(r"(?:.*/)?tests?/.*"),
)
