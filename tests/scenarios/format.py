"""How is a whole task written in one file that a person can read?

    Prose: what the scenario shows, and why it matters.

    #- shop/cart.py                 a file of the workspace, as in `tests/support/workspaces.py`
    ...
    #> instruction                  what is asked
    #> settings                     optional lines `strategy: plan`, `budget: 0.01`, `file: a.py`,
                                    `lines: 1-4`, `tests: python check.py`, `keep: nothing`
    #> weak replies                 the next answer of that model, word for word
    #> strong replies
    #> weak is cut off              it breaks after this text
    #> weak hangs                   after this text nothing more comes
    #> weak fails                   `Unavailable: the server is gone`
    #> cancelled at                 the event line at which the person cancels
    #> meanwhile shop/cart.py       what an editor shows once the first hunk was found

    #> events                       expected: what a client hears, one short line each
    #> diff                         expected: what keeping all hunks changes
    #> cost                         expected: what is on the ledger

Lines after a heading belong to it up to the next one; blank lines at their end are layout.
"""

import re
from dataclasses import dataclass, field
from typing import Literal, cast

from tests.support.workspaces import parse_workspace

Role = Literal["weak", "strong"]
Manner = Literal["replies", "is cut off", "hangs", "fails"]

_HEADING = re.compile(r"^#([->]) (.+?)[ \t]*$\n?", re.MULTILINE)
_ANSWER = re.compile(r"(weak|strong) (replies|is cut off|hangs|fails)")
_EXPECTED = ("events", "diff", "cost")
_SETTINGS = ("strategy", "budget", "file", "lines", "tests", "keep")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a model, in the order in which it is asked."""

    role: Role
    manner: Manner
    text: str


@dataclass(slots=True)
class Scenario:
    """What a scenario's file says."""

    given: str
    """Its text before the expectations."""
    prose: str
    files: dict[str, str] = field(default_factory=dict)
    instruction: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    cancelled_at: str | None = None
    meanwhile: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transcript:
    """What happened, in the lines of the expectations."""

    events: tuple[str, ...]
    diff: str
    cost: tuple[str, ...]


def parse_scenario(text: str) -> Scenario:
    """Return what a scenario gives; its expectations are left out.

    Raises:
        ValueError: no prose, no instruction, a heading or setting that means nothing here.
    """
    headings = list(_HEADING.finditer(text))
    sections = [heading for heading in headings if heading[2] not in _EXPECTED]
    expected = [heading for heading in headings if heading[2] in _EXPECTED]
    given = text[: expected[0].start()] if expected else text
    if expected and sections and sections[-1].start() > expected[0].start():
        raise ValueError(f"{sections[-1][2]!r} stands after the expectations")
    ends = [*(heading.start() for heading in sections[1:]), len(given)]
    prose = text[: headings[0].start()] if headings else text
    scenario = Scenario(given.rstrip("\n") + "\n", prose.strip())
    for heading, end in zip(sections, ends, strict=True):
        content = given[heading.end() : end].rstrip("\n")
        if heading[1] == "-":
            scenario.files |= parse_workspace(f"#- {heading[2]}\n{content}\n").files
        else:
            _read_section(scenario, heading[2], content)
    if not scenario.prose:
        raise ValueError("a scenario begins with a sentence that says what it shows")
    return scenario


def render_scenario(scenario: Scenario, transcript: Transcript) -> str:
    """Return the whole file as it is when the transcript is what is expected."""
    parts = [scenario.given, "\n#> events\n", *(f"{line}\n" for line in transcript.events)]
    if transcript.diff:
        parts += ["\n#> diff\n", transcript.diff]
    parts += ["\n#> cost\n", *(f"{line}\n" for line in transcript.cost)]
    return "".join(parts)


def _read_section(scenario: Scenario, title: str, content: str) -> None:
    if title == "instruction":
        scenario.instruction = content
    elif title == "settings":
        scenario.settings = dict(_setting(line) for line in content.splitlines())
    elif title == "cancelled at":
        scenario.cancelled_at = content
    elif title.startswith("meanwhile "):
        scenario.meanwhile[title.removeprefix("meanwhile ")] = f"{content}\n"
    elif match := _ANSWER.fullmatch(title):
        text = content if match[2] == "fails" else f"{content}\n"
        scenario.answers.append(Answer(cast("Role", match[1]), cast("Manner", match[2]), text))
    else:
        raise ValueError(f"{title!r} is no heading of a scenario")


def _setting(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or name not in _SETTINGS:
        raise ValueError(f"{line!r} is no setting: use one of {', '.join(_SETTINGS)}")
    return name, value.strip()
