"""Which settings hold here? Defaults < the user's file < what the workspace tightens.

A bad value is reported and ignored, never fatal. The workspace's file is other people's word: it
can lower a limit and nothing else, so that opening a folder can neither spend nor run anything.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
from pydantic import ValidationError

from pairwright.errors import InvalidSettings
from pairwright.settings import Section, Settings

CONFIG_DIR_VARIABLE = "PAIRWRIGHT_CONFIG_DIR"
"""Environment: where the user's `settings.toml` lies instead."""

MAX_FILE_BYTES = 1024 * 1024

TIGHTENABLE = frozenset(
    {
        "models.timeout_s",
        "models.attempts",
        "models.deadline_s",
        "budget.task_usd",
        "budget.day_usd",
        "budget.workspace_usd",
        "checks.test_timeout_s",
        "checks.linter_timeout_s",
        "checks.network",
        "checks.memory_mb",
        "checks.max_files",
        "checks.max_changed_lines",
        "feedback.keep",
    }
)
"""What a workspace may lower. All are upper bounds, a permission among them: the smaller, the
tighter. `checks.linters` is not: to name one is to trust it, and to name none is to look less."""

SWITCHES_ON = frozenset({"disclosure.local_only"})
"""What a workspace may turn on and not off: prohibitions, of which the larger value is tighter."""

AnySection = TypeVar("AnySection", bound=Section)


def user_settings_file(env: Mapping[str, str]) -> Path:
    """Return where the user's own settings lie; the file may not be there.

    Raises:
        InvalidSettings: the environment names a relative path, which is another place for each
            process.
    """
    chosen = env.get(CONFIG_DIR_VARIABLE)
    if chosen and not os.path.isabs(chosen):
        raise InvalidSettings(f"{CONFIG_DIR_VARIABLE} is not an absolute path: {chosen!r}")
    directory = Path(chosen) if chosen else platformdirs.user_config_path("pairwright")
    return directory / "settings.toml"


def user_prompts_directory(env: Mapping[str, str]) -> Path:
    """Return where the user's own prompts lie, beside the settings; it may not be there.

    Raises:
        InvalidSettings: as `user_settings_file`.
    """
    return user_settings_file(env).parent / "prompts"


def load_settings(root: Path, user_file: Path) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings of a workspace, and a sentence for each value that was refused."""
    problems: list[str] = []
    user = _read_toml(user_file, user_file.name, problems)
    settings = _with_values(Settings(), user, user_file.name, problems)
    project = _read_toml(root / "pyproject.toml", "pyproject.toml", problems)
    settings = _tightened(settings, _own_table(project, problems), problems)
    return settings, tuple(problems)


def why_unreadable(user_file: Path) -> str | None:
    """Return why the user's own settings cannot be relied on; None when they can, or are none.

    That is when the file cannot be read, and when one of its endpoints is wrong: what was meant for
    a server of one's own would go to the provider of that name. And when a word on what may leave
    this machine is wrong: without it, it would leave.
    """
    problems: list[str] = []
    values = _read_toml(user_file, user_file.name, problems)
    if problems:
        return problems[0]
    _with_values(Settings(), values, user_file.name, problems)
    grave = tuple(f"{user_file.name}: {name}" for name in ("models.endpoints", "disclosure"))
    return next((problem for problem in problems if problem.startswith(grave)), None)


def _read_toml(path: Path, name: str, problems: list[str]) -> dict[str, Any]:
    try:
        # Before it is opened: reading a pipe that lies there would never end.
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            problems.append(f"{name}: not a file, ignored")
            return {}
        if info.st_size > MAX_FILE_BYTES:
            problems.append(f"{name}: larger than {MAX_FILE_BYTES} bytes, ignored")
            return {}
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        problems.append(f"{name}: cannot be read ({error.strerror}), ignored")
    except (ValueError, RecursionError) as error:
        problems.append(f"{name}: not readable as TOML ({str(error)[:120]}), ignored")
    return {}


def _own_table(project: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    tools = project.get("tool", {})
    table = tools.get("pairwright", {}) if isinstance(tools, dict) else {}
    if isinstance(table, dict):
        return table
    problems.append("pyproject.toml: tool.pairwright is not a table, ignored")
    return {}


def _with_values(
    section: AnySection, values: dict[str, Any], file: str, problems: list[str], prefix: str = ""
) -> AnySection:
    """Return the section with each value that is valid by itself."""
    for name, value in values.items():
        place = f"{file}: {prefix}{name}"
        if name not in type(section).model_fields:
            problems.append(f"{place}: no such setting, ignored")
            continue
        current = getattr(section, name)
        if isinstance(current, Section | Mapping) and not isinstance(value, dict):
            problems.append(f"{place}: must be a table, ignored")
            continue
        if isinstance(current, Mapping):
            section = _with_entries(section, name, value, place, problems)
            continue
        if isinstance(current, Section):
            value = _with_values(current, value, file, problems, f"{prefix}{name}.")
        try:
            section = type(section).model_validate({**dict(section), name: value})
        except ValidationError as error:
            problems.append(f"{place}: {_said_by(error)}; {_shown(current)} is used")
    return section


def _with_entries(
    section: AnySection, name: str, entries: dict[str, Any], place: str, problems: list[str]
) -> AnySection:
    """Return the section with each named entry that is valid by itself, in the file's order."""
    for key, entry in entries.items():
        values = dict(section)
        try:
            section = type(section).model_validate({**values, name: {**values[name], key: entry}})
        except ValidationError as error:
            # The value is not quoted: it may be a key that somebody wrote in the wrong place.
            parts = [str(part) for part in error.errors()[0]["loc"][1:] if part != "[key]"]
            where = ".".join((place, *parts))
            problems.append(f"{where}: {_said_by(error)}; the entry is ignored")
    return section


def _said_by(error: ValidationError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def _tightened(
    section: AnySection, values: dict[str, Any], problems: list[str], prefix: str = ""
) -> AnySection:
    """Return the section with each value that is valid, may be lowered, and is lower."""
    for name, value in values.items():
        place = f"pyproject.toml: {prefix}{name}"
        current = getattr(section, name, None) if name in type(section).model_fields else None
        if isinstance(current, Section) and isinstance(value, dict):
            tighter = _tightened(current, value, problems, f"{prefix}{name}.")
            section = section.model_copy(update={name: tighter})
        elif f"{prefix}{name}" not in TIGHTENABLE | SWITCHES_ON:
            problems.append(f"{place}: not for a workspace to set, ignored")
        else:
            wanted = _with_values(section, {name: value}, "pyproject.toml", problems, prefix)
            if _is_looser(f"{prefix}{name}", getattr(wanted, name), current):
                problems.append(
                    f"{place}: a workspace may only tighten it; {_shown(current)} is used"
                )
            else:
                section = wanted
    return section


def _is_looser(name: str, wanted: Any, current: Any) -> bool:
    if name in SWITCHES_ON:
        return bool(wanted < current)
    # None is an upper bound that is not there: any value is tighter.
    return current is not None and bool(wanted > current)


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)
