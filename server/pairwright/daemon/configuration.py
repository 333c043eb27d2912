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
        "budget.task_usd",
        "budget.day_usd",
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
    """Return why the user's own settings cannot be read; None when they can, or there are none."""
    problems: list[str] = []
    _read_toml(user_file, user_file.name, problems)
    return problems[0] if problems else None


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
        if isinstance(current, Section):
            if not isinstance(value, dict):
                problems.append(f"{place}: must be a table, ignored")
                continue
            value = _with_values(current, value, file, problems, f"{prefix}{name}.")
        try:
            section = type(section).model_validate({**dict(section), name: value})
        except ValidationError as error:
            problems.append(f"{place}: {error.errors()[0]['msg']}; {_shown(current)} is used")
    return section


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
        elif f"{prefix}{name}" not in TIGHTENABLE:
            problems.append(f"{place}: not for a workspace to set, ignored")
        else:
            wanted = _with_values(section, {name: value}, "pyproject.toml", problems, prefix)
            if getattr(wanted, name) > current:
                problems.append(
                    f"{place}: a workspace may only tighten it; {_shown(current)} is used"
                )
            else:
                section = wanted
    return section


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)
