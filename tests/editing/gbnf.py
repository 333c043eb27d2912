"""What does a grammar allow? A reader of the GBNF that the project writes, for tests."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r'(?P<literal>"(?:[^"\\]|\\.)*")|(?P<none_of>\[\^(?:[^\]\\]|\\.)*\])'
    r"|(?P<count>\{\d+,\d+\})|(?P<name>[A-Za-z][A-Za-z0-9-]*)|(?P<mark>[()|*])"
)
_ESCAPE = re.compile(r'\\(?:x(..)|u(....)|([nrt\\"]))')
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}


@dataclass(frozen=True)
class Literal:
    text: str


@dataclass(frozen=True)
class NoneOf:
    characters: frozenset[str]


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Sequence:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Choice:
    ways: tuple["Node", ...]


@dataclass(frozen=True)
class Repeat:
    part: "Node"
    most: int


Node = Literal | NoneOf | Name | Sequence | Choice | Repeat


def read_grammar(grammar: str) -> dict[str, Node]:
    """Return the rules by name; any text that is not such a rule is a ValueError."""
    rules: dict[str, Node] = {}
    for line in grammar.removesuffix("\n").split("\n"):
        name, arrow, body = line.partition(" ::= ")
        if not arrow or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) or name in rules:
            raise ValueError(f"not a rule: {line[:80]}")
        tokens = _tokens(body)
        rules[name] = _read_choice(tokens)
        if tokens:
            raise ValueError(f"not read to the end: {name}")
    return rules


def names_in(node: Node) -> Iterator[str]:
    """Yield all rules that a node refers to."""
    match node:
        case Name(name):
            yield name
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from names_in(part)
        case Repeat(part):
            yield from names_in(part)
        case Literal() | NoneOf():
            return


def write_randomly(rules: Mapping[str, Node], random_: random.Random, free: str) -> str:
    """Return some text that the rules allow; free text is made of the characters `free`."""

    def write(node: Node) -> str:
        match node:
            case Literal(text):
                return text
            case NoneOf(characters):
                return random_.choice([c for c in free if c not in characters] or ["~"])
            case Name(name):
                return write(rules[name])
            case Sequence(parts):
                return "".join(write(part) for part in parts)
            case Choice(ways):
                return write(random_.choice(ways))
            case Repeat(part, most):
                return "".join(write(part) for _ in range(random_.randint(0, min(most, 3))))

    return write(rules["root"])


def allows(rules: Mapping[str, Node], text: str) -> bool:
    """Tell whether the rules allow exactly this text."""

    def ends(node: Node, at: int) -> set[int]:
        match node:
            case Literal(literal):
                return {at + len(literal)} if text.startswith(literal, at) else set()
            case NoneOf(characters):
                return {at + 1} if at < len(text) and text[at] not in characters else set()
            case Name(name):
                return ends(rules[name], at)
            case Sequence(parts):
                reached = {at}
                for part in parts:
                    reached = {end for start in reached for end in ends(part, start)}
                return reached
            case Choice(ways):
                return {end for way in ways for end in ends(way, at)}
            case Repeat(part, most):
                reached = last = {at}
                for _ in range(most):
                    last = {end for start in last for end in ends(part, start)} - reached
                    if not last:
                        break
                    reached = reached | last
                return reached

    return len(text) in ends(rules["root"], 0)


def _tokens(body: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        if body[at] == " ":
            at += 1
            continue
        found = _TOKEN.match(body, at)
        if found is None:
            raise ValueError(f"not a token: {body[at : at + 40]}")
        tokens.append((str(found.lastgroup), found[0]))
        at = found.end()
    return tokens[::-1]


def _read_choice(tokens: list[tuple[str, str]]) -> Node:
    ways = [_read_sequence(tokens)]
    while tokens and tokens[-1][1] == "|":
        tokens.pop()
        ways.append(_read_sequence(tokens))
    return ways[0] if len(ways) == 1 else Choice(tuple(ways))


def _read_sequence(tokens: list[tuple[str, str]]) -> Node:
    parts: list[Node] = []
    while tokens and tokens[-1] not in [("mark", "|"), ("mark", ")")]:
        kind, token = tokens.pop()
        if kind == "literal":
            parts.append(Literal(_plain(token[1:-1])))
        elif kind == "none_of":
            parts.append(NoneOf(frozenset(_plain(token[2:-1]))))
        elif kind == "name":
            parts.append(Name(token))
        elif kind == "count":
            parts.append(Repeat(parts.pop(), int(token[1:-1].split(",")[1])))
        elif token == "*":
            parts.append(Repeat(parts.pop(), 10_000))
        elif token == "(":
            parts.append(_read_choice(tokens))
            if not tokens or tokens.pop() != ("mark", ")"):
                raise ValueError("a group is not closed")
    if not parts:
        raise ValueError("an empty alternative")
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def _plain(escaped: str) -> str:
    return _ESCAPE.sub(
        lambda found: _SHORT[found[3]] if found[3] else chr(int(found[1] or found[2], 16)), escaped
    )
