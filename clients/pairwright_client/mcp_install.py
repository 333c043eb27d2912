"""How does an assistant learn of us? Its configuration is shown, or changed with all else kept."""

import os
import secrets
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pairwright_client import config_jsonc, config_toml, config_yaml
from pairwright_client.assistants import Configuration, configuration
from pairwright_client.errors import UsageError

MAX_BYTES = 16 * 1024 * 1024
BACKUP_ENDING = ".before-pairwright"
_FORMATS = {"jsonc": config_jsonc, "toml": config_toml, "yaml": config_yaml}


def install(
    assistant: str,
    *,
    is_written: bool,
    command: str | None = None,
    home: Path | None = None,
    env: Mapping[str, str] = os.environ,
) -> int:
    """Show what tells an assistant to start us, or write it; return the exit code.

    Raises:
        UsageError: its file is broken or cannot be written; it is as it was.
    """
    wanted = configuration(assistant, command or own_command(), home=home or Path.home(), env=env)
    if not is_written:
        snippet = _FORMATS[wanted.format].snippet(wanted.keys, wanted.entry)
        sys.stdout.write(f"in {wanted.path}:\n\n{snippet}")
    elif write(wanted):
        sys.stdout.write(f"{wanted.path} names pairwright now; restart the assistant\n")
    else:
        sys.stdout.write(f"{wanted.path} names pairwright already\n")
    return 0


def own_command() -> str:
    """Return what starts us: our whole path, since editors have another search path than shells."""
    own = Path(sys.argv[0])
    is_ours = own.name == "pairwright" and own.is_file()
    return str(own.absolute()) if is_ours else "pairwright"


def write(wanted: Configuration) -> bool:
    """Put the entry into its file, by one rename; False when it is there already.

    A link stays one: the file it names is changed. What was there before is kept beside it.

    Raises:
        UsageError: the file is broken or cannot be written; it is as it was.
    """
    path = Path(os.path.realpath(wanted.path))
    try:
        before = _read(path)
        text = (before or b"").decode("utf-8")
        merged = _FORMATS[wanted.format].merged(text, _keys(wanted, text), wanted.entry).encode()
        if merged == before:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600
        if before is not None:
            mode = stat.S_IMODE(path.stat().st_mode)
            _replace(path.with_name(path.name + BACKUP_ENDING), before, mode)
        if _read(path) != before:
            raise UsageError(f"{wanted.path} was changed by somebody else just now: try again")
        _replace(path, merged, mode)
    except UnicodeDecodeError:
        raise UsageError(f"{wanted.path} is not touched: it is not UTF-8") from None
    except config_jsonc.Broken as error:
        hint = "run it without --write, and put that there yourself"
        raise UsageError(f"{wanted.path} is not touched: {error}; {hint}") from None
    except OSError as error:
        raise UsageError(f"cannot write {str(path)!r}: {error.strerror}") from None
    return True


def _keys(wanted: Configuration, text: str) -> tuple[str, ...]:
    """Return under which names the entry goes into a file, by how the file is written."""
    if not (wanted.newer and text.strip()):
        return wanted.keys
    found = config_jsonc.read(text)
    for key in wanted.newer[:-1]:
        found = found.get(key) if isinstance(found, dict) else None
    # A server may be called like the section: it says how it is reached.
    is_section = isinstance(found, dict) and not isinstance(found.get("type"), str)
    return wanted.newer if is_section else wanted.keys


def _read(path: Path) -> bytes | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path} is no file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES} bytes")
    return content


def _replace(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
