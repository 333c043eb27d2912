"""How does a person read and edit a plan? As Markdown, from which the same plan comes back.

    # Plan

    The goal, in any number of lines.

    ## 1. What the step does

    - files: `app/timer.py`
    - symbols: `Timer.tick`
    - expect: test `tests/test_timer.py::test_tick`
    - by: weak
    - weight: 2
    - after: 1
    - skip: yes

    Anything else that should be known.

A field may be left out, and is then what `Step` says by default. Steps are numbered by their order
in the document: the numbers in it are only what `after` refers to, so that steps can be moved,
added and removed without renumbering the rest. Whatever is no field is kept as the step's detail.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pairwright.errors import UserError
from pairwright.llm.model import Tier
from pairwright.planning.plan import Expectation, ExpectationKind, Plan, Step
from pairwright.workspace.paths import Protection, parse_path, protection_of

MAX_STEPS = 50
MAX_WEIGHT = 100.0

_TITLE = re.compile(r"#\s+plan\s*", re.IGNORECASE)
_STEP = re.compile(r"##\s+(?P<number>\d{1,6})[.)]\s*(?P<intent>.*)")
_FIELD = re.compile(r"[-*]\s+(?P<name>[A-Za-z]+)\s*:\s*(?P<value>.*)")
_FIELD_NAMES = ("files", "symbols", "expect", "by", "weight", "after", "skip")
_ESCAPED = re.compile(r"\\(?=[#\-*\\])")
_TO_ESCAPE = re.compile(r"(?=##\s|#\s+plan\s*$|[-*]\s+[A-Za-z]+\s*:|\\)", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!`)(`++)(?P<quoted>.*?)(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """Why a document is no plan."""

    line: int
    """Zero-based."""
    message: str


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """What a person's text means."""

    plan: Plan | None
    """None while there are problems."""
    problems: tuple[PlanProblem, ...]
    """In the order of their lines."""
    step_lines: tuple[int, ...]
    """Where each step's heading stands."""
    field_lines: tuple[Mapping[str, int], ...]
    """Where each step's fields stand, by their names."""

    def line_of(self, place: int, field_name: str) -> int:
        """Return where a field of a step (counted from 0) stands; its heading when it has none."""
        return self.field_lines[place].get(field_name, self.step_lines[place])


def write_document(plan: Plan) -> str:
    """Return the Markdown from which `read_document` gets the same plan."""
    parts = ["# Plan", _escaped(plan.goal), *_each_step(plan.steps)]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_document(text: str) -> PlanDocument:
    """Return the plan that a document holds, or where and why it holds none."""
    reading = _Reading()
    for number, line in enumerate(text.split("\n")):
        reading.read(number, line.rstrip())
    return reading.finish()


def _each_step(steps: Sequence[Step]) -> Iterator[str]:
    for number, step in enumerate(steps, start=1):
        yield f"## {number}. {step.intent}"
        fields = [f"- {name}: {value}" for name, value in _fields(step) if value]
        yield "\n".join(fields)
        yield _escaped(step.detail)


def _fields(step: Step) -> Iterable[tuple[str, str]]:
    default = Step("")
    expected = step.expectation
    yield "files", ", ".join(map(_quoted, step.files))
    yield "symbols", ", ".join(map(_quoted, step.symbols))
    yield "expect", f"{expected.kind} {_quoted(expected.text)}" if expected else ""
    yield "by", step.tier if step.tier is not default.tier else ""
    yield "weight", repr(step.weight).removesuffix(".0") if step.weight != default.weight else ""
    yield "after", ", ".join(map(str, step.after))
    yield "skip", "yes" if step.is_skipped else ""


def _quoted(text: str) -> str:
    fence = "`"
    while fence in text:
        fence += "`"
    # A space keeps the text's own backquotes apart from the fence.
    return (
        f"{fence} {text} {fence}"
        if text.startswith("`") or text.endswith("`")
        else (f"{fence}{text}{fence}")
    )


def _escaped(text: str) -> str:
    """Return text in which no line reads as a heading or a field."""
    return "\n".join(
        _TO_ESCAPE.sub(r"\\", line, count=1) if _TO_ESCAPE.match(line) else line
        for line in text.split("\n")
    )


def _prose(lines: Iterable[str]) -> str:
    return "\n".join(
        _ESCAPED.sub("", line, count=1) if line.startswith("\\") else line for line in lines
    ).strip("\n")


@dataclass(slots=True)
class _StepDraft:
    line: int
    number: int
    intent: str
    detail: list[str] = field(default_factory=list)
    values: dict[str, tuple[int, str]] = field(default_factory=dict)


class _Reading:
    """A document that is read line by line."""

    def __init__(self) -> None:
        self._goal: list[str] = []
        self._drafts: list[_StepDraft] = []
        self._problems: list[PlanProblem] = []
        self._has_title = False
        self._is_too_long = False

    def read(self, number: int, line: str) -> None:
        if heading := _STEP.fullmatch(line):
            self._begin_step(number, int(heading["number"]), heading["intent"].strip())
        elif line.startswith("## "):
            self._refuse(number, "a step's heading is '## N. what to do'")
        elif not self._has_title and _TITLE.fullmatch(line):
            self._has_title = True
        elif self._drafts:
            self._read_in_step(number, line)
        else:
            self._goal.append(line)

    def finish(self) -> PlanDocument:
        goal = _prose(self._goal)
        if not goal:
            self._refuse(0, "the plan has no goal: say below the title what is to be achieved")
        if not self._drafts:
            self._refuse(0, "the plan has no step: begin one with '## 1. what to do'")
        order = {draft.number: place for place, draft in enumerate(self._drafts, start=1)}
        steps = tuple(self._step(draft, order) for draft in self._drafts)
        if not self._problems:
            self._find_circle(steps)
        problems = tuple(sorted(self._problems, key=lambda problem: problem.line))
        return PlanDocument(
            plan=None if problems else Plan(goal, steps),
            problems=problems,
            step_lines=tuple(draft.line for draft in self._drafts),
            field_lines=tuple(
                {name: line for name, (line, _) in draft.values.items()} for draft in self._drafts
            ),
        )

    def _begin_step(self, line: int, number: int, intent: str) -> None:
        if not intent:
            self._refuse(line, "the step says nothing: write after its number what to do")
        if any(draft.number == number for draft in self._drafts):
            self._refuse(line, f"there are two steps {number}: give each its own number")
        if len(self._drafts) == MAX_STEPS:
            if not self._is_too_long:
                self._refuse(line, f"a plan has at most {MAX_STEPS} steps: make two plans of it")
            self._is_too_long = True
            return
        self._drafts.append(_StepDraft(line, number, intent))

    def _read_in_step(self, number: int, line: str) -> None:
        draft = self._drafts[-1]
        found = _FIELD.fullmatch(line)
        if found is None or (found["name"].lower() not in _FIELD_NAMES and any(draft.detail)):
            draft.detail.append(line)
            return
        name = found["name"].lower()
        if name not in _FIELD_NAMES:
            known = ", ".join(_FIELD_NAMES)
            self._refuse(number, f"a step has no {found['name']!r}; it has {known}")
        elif name in draft.values:
            self._refuse(number, f"the step has {name!r} twice")
        else:
            draft.values[name] = (number, found["value"].strip())

    def _step(self, draft: _StepDraft, order: dict[int, int]) -> Step:
        default = Step("")
        values = draft.values
        return Step(
            intent=draft.intent,
            files=self._files(*values["files"]) if "files" in values else (),
            symbols=_items(values["symbols"][1]) if "symbols" in values else (),
            expectation=self._expectation(*values["expect"]) if "expect" in values else None,
            tier=self._tier(*values["by"]) if "by" in values else default.tier,
            weight=self._weight(*values["weight"]) if "weight" in values else default.weight,
            after=self._after(*values["after"], draft.number, order) if "after" in values else (),
            is_skipped=self._is_skipped(*values["skip"]) if "skip" in values else False,
            detail=_prose(draft.detail),
        )

    def _files(self, line: int, value: str) -> tuple[str, ...]:
        paths = []
        for item in _items(value):
            try:
                path = parse_path(item)
            except UserError as error:
                self._refuse(line, str(error))
                continue
            if protection_of(path) is Protection.NEVER:
                self._refuse(line, f"{path!r} is never changed by a model: do it by hand")
            paths.append(path)
        return tuple(paths)

    def _expectation(self, line: int, value: str) -> Expectation | None:
        word, _, rest = value.partition(" ")
        quoted = _items(rest)
        if word not in tuple(ExpectationKind) or len(quoted) != 1:
            kinds = ", ".join(f"'{kind} `…`'" for kind in ExpectationKind)
            self._refuse(line, f"what is expected is one of {kinds}")
            return None
        return Expectation(ExpectationKind(word), quoted[0])

    def _tier(self, line: int, value: str) -> Tier:
        if value not in tuple(Tier):
            self._refuse(line, f"{value!r} is no model of the pair: it is 'weak' or 'strong'")
            return Tier.WEAK
        return Tier(value)

    def _weight(self, line: int, value: str) -> float:
        try:
            weight = float(value)
        except ValueError:
            weight = 0.0
        if not 0 < weight <= MAX_WEIGHT:
            self._refuse(line, f"a weight is a number above 0, at most {MAX_WEIGHT:g}")
            return 1.0
        return weight

    def _is_skipped(self, line: int, value: str) -> bool:
        if value.lower() not in ("yes", "no"):
            self._refuse(line, f"a step is skipped or not: 'yes' or 'no', not {value!r}")
        return value.lower() == "yes"

    def _after(self, line: int, value: str, own: int, order: dict[int, int]) -> tuple[int, ...]:
        places = []
        for item in filter(None, re.split(r"[,\s]+", value)):
            number = int(item) if item.isdecimal() and len(item) < 6 else None
            if number == own:
                self._refuse(line, "a step cannot come after itself")
            elif number not in order or number is None:
                self._refuse(line, f"there is no step {item!r} that this one could come after")
            else:
                places.append(order[number])
        return tuple(dict.fromkeys(places))

    def _find_circle(self, steps: Sequence[Step]) -> None:
        done: set[int] = set()
        left = dict(enumerate(steps, start=1))
        while ready := [number for number, step in left.items() if done.issuperset(step.after)]:
            done.update(ready)
            for number in ready:
                del left[number]
        for number in left:
            line = self._drafts[number - 1].values["after"][0]
            self._refuse(line, "these steps wait for one another in a circle")

    def _refuse(self, line: int, message: str) -> None:
        self._problems.append(PlanProblem(line, message))


def _items(value: str) -> tuple[str, ...]:
    """Return the items of a list: quoted ones as they are, others split at commas."""
    items: list[str] = []
    end = 0
    for match in _QUOTED.finditer(value):
        items += _bare_items(value[end : match.start()])
        quoted = match["quoted"]
        is_padded = quoted.startswith(" ") and quoted.endswith(" ") and "`" in quoted
        items.append(quoted[1:-1] if is_padded else quoted)
        end = match.end()
    items += _bare_items(value[end:])
    return tuple(dict.fromkeys(items))


def _bare_items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
