"""How does the VS Code extension know our messages? As TypeScript that is written from them."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pairwright import protocol
from pairwright.protocol import commands, methods, review_commands
from pairwright.protocol.message import to_camel
from tests.tidy.source import ROOT

MIRROR = ROOT / "vscode-extension" / "src" / "protocol.ts"

_HEAD = """\
// What goes over the wire? Written by `python -m tests.tidy.write_extension_protocol` from the
// server's `protocol` package. Money is a decimal string; lines are zero-based.
"""
_NAMES = {str: "string", int: "number", float: "number", bool: "boolean", Decimal: "string"}
_REQUEST = re.compile(r"Request `(\w+)` -> `(\w+)`")
_FROM_SERVER = re.compile(r"[Ff]rom the server,? a notification `(\w+)`")


def render_protocol() -> str:
    """Return the whole module."""
    parts = (*_methods(), *_commands(), *_messages(), _events())
    return "\n".join((_HEAD, *parts))


def wire_messages() -> dict[str, type]:
    """Return every message, by name, each after those that it needs where that can be."""
    found: dict[str, type] = {}
    for module in sorted(module.name for module in pkgutil.iter_modules(protocol.__path__)):
        if module.endswith(("messages", "commands")):
            for name, kind in vars(
                importlib.import_module(f"pairwright.protocol.{module}")
            ).items():
                if isinstance(kind, type) and dataclasses.is_dataclass(kind):
                    found[name] = kind
    return found


def _methods() -> Iterator[str]:
    sentences = _sentences_under_names()
    requests, notices = [], []
    for name, value in vars(methods).items():
        if not name.isupper():
            continue
        sentence = sentences[name]
        if request := _REQUEST.search(sentence):
            line = f'  "{value}": {{ params: {request[1]}; result: {request[2]} }};'
            requests.append(line)
        if notice := _FROM_SERVER.search(sentence):
            notices.append(f'  "{value}": {notice[1]};')
    yield "/** What may be asked. */\nexport interface Requests {\n" + "\n".join(requests) + "\n}\n"
    yield "/** What the server says by itself. */\nexport interface Notices {"
    yield "\n".join(notices) + "\n}\n"


def _sentences_under_names() -> dict[str, str]:
    body = ast.parse(inspect.getsource(methods)).body
    found = {}
    for field, below in pairwise(body):
        match field, below:
            case ast.Assign(targets=[ast.Name(name)]), ast.Expr(ast.Constant(str(sentence))):
                found[name] = " ".join(sentence.split())
    return found


def _commands() -> Iterator[str]:
    named = (*commands.COMMANDS, *review_commands.REVIEW_COMMANDS)
    yield "/** Which commands the server lists. */\nexport const COMMANDS = ["
    yield "".join(f'  "{name}",\n' for name in named) + "] as const;\n"


def _messages() -> Iterator[str]:
    for name, kind in sorted(wire_messages().items()):
        sentence = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        yield f"/** {sentence} */\nexport interface {name} {{"
        hints = typing.get_type_hints(kind)
        lines = [
            _field(field, hints[field.name], is_sent=name.endswith(("Params", "Arguments")))
            for field in dataclasses.fields(kind)
        ]
        yield "".join(f"  {line};\n" for line in lines) + "}\n"


def _events() -> str:
    messages = importlib.import_module("pairwright.protocol.messages")
    names = [kind.__name__ for kind in typing.get_args(messages.TaskEvent)]
    return (
        "/** What is told of a task. */\nexport type TaskEvent =\n  | "
        + "\n  | ".join(names)
        + ";\n"
    )


def _field(field: "dataclasses.Field[typing.Any]", hint: object, *, is_sent: bool) -> str:
    name, kind = to_camel(field.name), _type(hint)
    if field.default is None:
        # Left out on the wire instead of being null.
        return f"{name}?: {kind.removesuffix(' | null')}"
    if field.default is dataclasses.MISSING or not is_sent:
        return f"{name}: {kind}"
    return f"{name}?: {kind}"


def _type(hint: object) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is type(None):
        return "null"
    if origin is typing.Literal:
        return " | ".join(f'"{item}"' for item in arguments)
    if origin in (types.UnionType, typing.Union):
        return " | ".join(_type(item) for item in arguments)
    if origin is tuple:
        inner = _type(arguments[0])
        return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
    if dataclasses.is_dataclass(hint):
        return typing.cast("type", hint).__name__
    return _NAMES[typing.cast("type", hint)]
