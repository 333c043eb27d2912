"""How is the page of all settings written? From `settings.py`, so that both say the same."""

import ast
import inspect
import textwrap
import types
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from pairwright.daemon.configuration import TIGHTENABLE
from pairwright.settings import Section, Settings
from tests.tidy.source import DOCS

PAGE = DOCS / "settings.md"

_INTRODUCTION = """\
# Settings

Written by `python -m tests.tidy.write_settings_docs` from `server/pairwright/settings.py`.

Order: the defaults below, then the user's file, then `[tool.pairwright]` in the workspace's
`pyproject.toml`, then what a request says. A workspace's file may only tighten: what names a
program, an endpoint or a model, and what raises a limit, is refused there and reported. Keys are in
no settings: [providers](providers.md) says where they may be.

A workspace's file may tighten these, and set nothing else:
"""

_TYPE_NAMES = {str: "text", int: "whole number", float: "number", Decimal: "amount", bool: "yes/no"}


def render_settings_page() -> str:
    """Return the whole page."""
    tightenable = "".join(f"- `{name}`\n" for name in sorted(TIGHTENABLE))
    return "\n".join((_INTRODUCTION, tightenable, *_sections(Settings, "")))


def settings_without_a_sentence() -> tuple[str, ...]:
    """Return the names of settings that have no docstring."""
    return tuple(
        name for name, sentence in _all_sentences(Settings, "") if not sentence.endswith(".")
    )


def sentences_of(section: type[Section]) -> dict[str, str]:
    """Return what stands under each setting, on one line; empty where nothing does."""
    # Read from the source: the daemon would read it at every start for nobody.
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(section))).body
    assert isinstance(definition, ast.ClassDef)
    found = dict.fromkeys(section.model_fields, "")
    for field, below in pairwise(definition.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(sentence))):
                found[name] = " ".join(sentence.split())
    return found


def _sections(section: type[Section], prefix: str) -> Iterator[str]:
    title = f"`[{prefix}]`" if prefix else "At the top"
    yield f"## {title}\n\n{(section.__doc__ or '').strip()}\n"
    if any(not _is_section(field) for field in section.model_fields.values()):
        yield "| setting | kind | default | |\n|---|---|---|---|"
    nested, sentences = {}, sentences_of(section)
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            nested[name] = field.annotation
            continue
        yield _row(name, field, sentences[name])
        if named := _section_by_name(field.annotation):
            nested[f"{name}.NAME"] = named
    yield ""
    for name, inner in nested.items():
        yield from _sections(inner, f"{prefix}.{name}" if prefix else name)


def _all_sentences(section: type[Section], prefix: str) -> Iterator[tuple[str, str]]:
    sentences = sentences_of(section)
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _all_sentences(field.annotation, f"{prefix}{name}.")
            continue
        yield f"{prefix}{name}", sentences[name]
        if named := _section_by_name(field.annotation):
            yield from _all_sentences(named, f"{prefix}{name}.NAME.")


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Section)


def _section_by_name(annotation: object) -> type[Section] | None:
    """Return the section that each entry of a table is, None for any other type."""
    if typing.get_origin(annotation) is not Mapping:
        return None
    section: type[Section] = typing.get_args(annotation)[1]
    return section


def _row(name: str, field: FieldInfo, sentence: str) -> str:
    shown = sentence.replace("|", "\\|")
    return f"| `{name}` | {_kind(field)} | {_default_of(field)} | {shown} |"


def _kind(field: FieldInfo) -> str:
    bounds = [text for item in field.metadata if (text := _bound(item))]
    return ", ".join((_type_name(field.annotation), *bounds))


def _type_name(annotation: object) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_type_name(item) for item in arguments if item is not type(None))
    if origin is Mapping:
        return "a table for each name"
    if origin is typing.Annotated:
        return _type_name(arguments[0])
    if origin is tuple:
        return f"list of {_type_name(arguments[0])}"
    if origin is typing.Literal:
        return " or ".join(f"`{item}`" for item in arguments)
    return _TYPE_NAMES.get(typing.cast("type", annotation), str(annotation))


def _bound(item: object) -> str:
    match item:
        case Ge(value):
            return f"at least {value}"
        case Gt(value):
            return f"above {value}"
        case Le(value):
            return f"at most {value}"
        case Lt(value):
            return f"below {value}"
    return ""


def _default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    return _default(field.get_default(call_default_factory=True))


def _default(value: object) -> str:
    if value is None:
        return "none"
    if value in ((), {}):
        return "empty"
    return f"`{value}`"
