"""How is a definition described? Its signature, and what its author wrote about it."""

import inspect
import re
from collections.abc import Iterable, Mapping

from pairwright.syntax.definitions import VARIABLE, Definition
from pairwright.syntax.languages.language import DocStyle, Language
from pairwright.syntax.parser import Node, SyntaxTree

MAX_SIGNATURE = 200
MAX_DOC = 1000
_MAX_RAW_DOC = 4 * MAX_DOC

_ATTRIBUTE_BEGINNINGS = (b"@", b"[", b"#")
_HEAD_ENDS = ("=>", ":", "{", "=", ";", ",", " do", " then", " where")
_DOC_STRING = re.compile(r"""(?:@\w+\s+)?(?:~[sS])?(\"{3}|")(.*)\1""", re.DOTALL)
_SPACE = re.compile(r"\s*")
_STRING = re.compile(r"""[rRuUbBfF]*(\"{3}|'{3}|"|')(.*)\1""", re.DOTALL)
_MAY_BE_DOCSTRING = re.compile(rb"""[rRuUbBfF]*["']|\#""")
_COMMENT_SIGNS = re.compile(
    r"^[ \t]*(?:/\*[*!]?|\{-(?:[ \t]*\|)?|\(\*\*?|<!--|--\[\[|\*(?!/)|//[/!]?|--+(?:[ \t]*\|)?"
    r"|#+'?|;+|%+)[ \t]?",
    re.MULTILINE,
)
_DOC_TAGS = re.compile(r"</?(?:summary|remarks|para)>")
_COMMENT_END = re.compile(r"\s*(?:\*+/|-\}|\*\)|-->|\]\])\s*$")


def described(tree: SyntaxTree, language: Language, definition: Definition) -> tuple[str, str]:
    """Return a definition's signature, and what stands in it as documentation."""
    if definition.signature is None or definition.doc is None:
        has_docstring = language.doc_style is DocStyle.DOCSTRING and definition.body is not None
        definition.signature = _signature_of(tree, language, definition)
        definition.doc = _docstring_of(tree, definition) if has_docstring else ""
    return definition.signature, definition.doc


def _signature_of(tree: SyntaxTree, language: Language, definition: Definition) -> str:
    """Return a definition up to its body, on one line."""
    outer, start = definition.node, definition.start
    whole = definition.whole
    if whole is not None and whole is not outer and whole.end_byte > start:
        outer, start = whole, whole.start_byte
    if outer is not None and tree.source.startswith(_ATTRIBUTE_BEGINNINGS, start):
        start = _after_attributes(outer, language.attributes)
    before_body = definition.body.prev_sibling if definition.body is not None else None
    while before_body is not None and before_body.type.endswith("comment"):
        before_body = before_body.prev_sibling
    if before_body is not None:
        head = tree.text_between(start, before_body.end_byte)
    else:
        first = max(start, definition.start)
        head = tree.text_between(first, definition.end).strip().partition("\n")[0]
        if start < first:
            head = f"{tree.text_between(start, first)} {head}"
    signature = " ".join(head.split())
    if "\n" in head:
        signature = signature.replace("( ", "(").replace(", )", ")").replace(" )", ")")
    for end in _HEAD_ENDS if signature.endswith(_HEAD_ENDS) else ():
        if signature.endswith(end):
            signature = signature.removesuffix(end).rstrip()
            break
    return _shortened(signature)


def _shortened(signature: str) -> str:
    """Return a signature within the bound; of a long one what it returns is kept."""
    if len(signature) <= MAX_SIGNATURE:
        return signature
    _, arrow, returned = signature.rpartition("->")
    tail = f"\u2026) ->{returned}" if arrow and len(returned) <= MAX_SIGNATURE // 2 else ""
    return signature[: MAX_SIGNATURE - len(tail)] + tail


def _after_attributes(node: Node, attributes: frozenset[str]) -> int:
    """Return where a definition begins without the attributes, or annotations, before it."""
    outer = node
    while outer.child_count and (first := outer.child(0)) is not None:
        if first.type not in attributes:
            outer = first
            continue
        after = first.next_sibling
        while after is not None and after.type in attributes:
            after = after.next_sibling
        after = after or outer.next_sibling
        return after.start_byte if after is not None else node.start_byte
    return node.start_byte


def _docstring_of(tree: SyntaxTree, definition: Definition) -> str:
    """Return the first string in a definition's body, without its indentation."""
    body = definition.body
    # Most bodies begin with something else: a look at the source spares those at the nodes.
    if body is None or not _MAY_BE_DOCSTRING.match(tree.source, body.start_byte):
        return ""
    node = body.named_child(0) if body.named_child_count else None
    while node is not None and node.type == "comment":
        node = node.next_named_sibling
    if node is not None and node.type == "expression_statement":
        node = node.named_child(0)
    if node is None or node.type != "string" or definition.found_as is VARIABLE:
        return ""
    match = _STRING.fullmatch(tree.text_of(node))
    if match is None:
        return ""
    doc = match[2][:_MAX_RAW_DOC]
    return (inspect.cleandoc(doc) if "\n" in doc else doc.strip())[:MAX_DOC]


def doc_comments(
    tree: SyntaxTree, language: Language, comments: Iterable[tuple[int, int]]
) -> Mapping[int, str]:
    """Return comments that document, by where (in code points) the code after each begins.

    Comments on lines one below the other are one.
    """
    by_end: dict[int, str] = {}
    for place in sorted(comments):
        text = tree.text_between(*place).rstrip()
        start = tree.offsets_at(place)[0]
        end = start + len(text)
        if language.doc_comment is not None and language.doc_comment.match(text) is None:
            continue
        before = by_end.pop(start, "")
        string = _DOC_STRING.fullmatch(text)
        if string is not None:
            text = inspect.cleandoc(string[2])
        else:
            text = _COMMENT_SIGNS.sub("", _COMMENT_END.sub("", text))
        text = _DOC_TAGS.sub("", text).strip()
        gap = _SPACE.match(tree.text, end)
        if gap is None or gap[0].count("\n") > 1:
            continue  # a blank line: it speaks of something else
        by_end[gap.end()] = f"{before}\n{text}".strip()[:MAX_DOC]
    return by_end
