"""How is YAML read? Its three outer levels of keys are, and every anchor.

The patterns of pnpm's `packages`, as settings in JSON, count as bindings of the key as their type.
"""

import re

from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import Columns


def _keys() -> str:
    """Return the queries of the keys, by level."""
    queries, outer = "", ["(document %s)"]
    for _ in range(3):
        deeper = []
        for around in outer:
            for kind, pair in (("block", "block_mapping_pair"), ("flow", "flow_pair")):
                mapping = f"({kind}_node ({kind}_mapping ({pair} %s)%s))"
                key = around % (mapping % ("key: (_) @name", " @key"))
                queries += f'({key} (#not-eq? @name "<<"))\n'
                if kind == "block":
                    deeper.append(around % (mapping % ("value: %s", "")))
        outer = deeper
    return queries


_DEFINITIONS = (
    _keys()
    + """
(anchor (anchor_name) @name) @variable
((document (block_node (block_mapping (block_mapping_pair key: (_) @bound_type value: [
    (block_node (block_sequence (block_sequence_item (flow_node) @bound)))
    (flow_node (flow_sequence (flow_node) @bound))]))))
  (#eq? @bound_type "packages"))
(comment) @comment
"""
)

_REFERENCES = """
(alias (alias_name) @read)
"""

YAML = Language(
    name="yaml",
    suffixes=(".yaml", ".yml"),
    grammar=("tree_sitter_yaml", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(r"(?:.*/)?tests?/.*"),
    # It dies at 254 levels, of which two can begin in one column.
    bounds=(Columns(re.compile(rb"[\r\n][ \t]*(?:[-?:][ \t]+)*"), most=100),),
)
