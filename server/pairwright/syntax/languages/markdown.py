"""How is Markdown read? Its headings are sections, links to files are imports."""

import re

from pairwright.syntax.languages.language import DocStyle, Language

_DEFINITIONS = """
(section . (atx_heading heading_content: (_) @name)) @section
(setext_heading heading_content: (_) @name) @section
((link_reference_definition (link_destination) @import_module)
  (#not-match? @import_module "^([a-z][a-z0-9+.-]*:|#|//)"))
(inline) @linked
"""

_REFERENCES = """
((link_reference_definition (link_destination) @import)
  (#not-match? @import "^([a-z][a-z0-9+.-]*:|#|//)"))
"""

MARKDOWN = Language(
    name="markdown",
    suffixes=(".md", ".markdown", ".mkd"),
    grammar=("tree_sitter_markdown", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    module_alias=None,
    link=re.compile(r"\]\(\s*(?![A-Za-z][A-Za-z0-9+.\-]*:|//)<?([^\s()<>#?]+)"),
    test_path=re.compile(r"(?:.*/)?tests?/.*"),
    doc_style=DocStyle.NONE,
)
