"""How are the VS Code extension's settings written? From `settings.py`, what a task can be told.

The extension can only set what a request says. All else is in the user's own file, which the
daemon reads, whoever asks.
"""

import json
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo

from pairwright.daemon.configuration import TIGHTENABLE
from pairwright.settings import Section, Settings
from pairwright.strategies import registry
from tests.tidy.settings_page import sentences_of
from tests.tidy.source import ROOT

MANIFEST = ROOT / "vscode-extension" / "package.json"

SETTABLE = {
    "strategy": "strategy",
    "models.strong": "strong",
    "models.weak": "weak",
    "budget.task_usd": "budget_usd",
    "disclosure.local_only": "local_only",
}
"""Which settings a task can be given, each with its field of `RunParams`."""

_LINKS = {
    "models.strong": " [Choose the models](command:pairwright.chooseModels); "
    "`#pairwright.models.weak#` is its counterpart.",
    "models.weak": " [Choose the models](command:pairwright.chooseModels); "
    "`#pairwright.models.strong#` is its counterpart.",
    "budget.task_usd": " [Show the costs](command:pairwright.showCosts).",
}
"""Where a person goes from a setting."""

_OWN: dict[str, dict[str, Any]] = {
    "pairwright.server.command": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "scope": "machine",
        "markdownDescription": "The command that starts Pairwright, as a list of arguments such as "
        '`["/opt/pairwright/bin/pairwright"]`. Empty: it is looked for in the selected Python '
        "environment, then on the `PATH`, then in a private environment of the extension.",
    },
    "pairwright.review.showNewLines": {
        "type": "boolean",
        "default": True,
        "scope": "window",
        "markdownDescription": "Whether proposed lines are shown beside the ones that they "
        "replace. Without it only the replaced lines are marked.",
    },
    "pairwright.trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
        "markdownDescription": "Whether what is said to the server is logged. Your code is in it.",
    },
}
"""Settings of the extension itself."""


def render_manifest() -> str:
    """Return the manifest with the settings as they should be, and all else as it is."""
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    properties = {**_OWN, **dict(_of_tasks())}
    manifest["contributes"]["configuration"]["properties"] = properties
    trust = manifest["capabilities"]["untrustedWorkspaces"]
    trust["restrictedConfigurations"] = sorted(
        name
        for name in properties
        if not name.startswith(("pairwright.review", "pairwright.trace"))
    )
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def wire_name(setting: str) -> str:
    """Return what a setting is called in VS Code: `budget.task_usd` is `budget.taskUsd`."""
    head, *tail = setting.split("_")
    return "pairwright." + head + "".join(part.title() for part in tail)


def _of_tasks() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in SETTABLE:
        field, sentence = _find(name)
        yield (
            wire_name(name),
            {
                **_schema(name, field),
                # A folder's settings may tighten what a person set, and name no model.
                "scope": "resource" if name in TIGHTENABLE else "machine",
                "markdownDescription": f"{_without_links(sentence)} Empty: as in your "
                f"`settings.toml`.{_LINKS.get(name, '')}",
            },
        )


def _schema(name: str, field: FieldInfo) -> dict[str, Any]:
    if field.annotation is bool:
        return {"type": "boolean", "default": field.default}
    if field.annotation is Decimal:
        return {"type": "string", "default": "", "pattern": r"^(\d+(\.\d+)?)?$"}
    assert field.annotation in (str, typing.Optional[str]), name  # noqa: UP045
    choices = {"enum": ["", *sorted(registry.STRATEGIES)]} if name == "strategy" else {}
    return {"type": "string", "default": "", **choices}


def _find(name: str) -> tuple[FieldInfo, str]:
    *sections, last = name.split(".")
    section: type[Section] = Settings
    for part in sections:
        section = typing.cast("type[Section]", section.model_fields[part].annotation)
    return section.model_fields[last], sentences_of(section)[last]


def _without_links(sentence: str) -> str:
    return sentence.partition(" See [")[0]
