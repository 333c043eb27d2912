"""What is missing here, and what mends it? The command `doctor`.

It only looks. Of keys it tells the variables' names, never what is in them.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pairwright.daemon.configuration import load_settings, user_settings_file
from pairwright.daemon.model_views import describe_named
from pairwright.errors import InvalidSettings
from pairwright.llm.catalog import CATALOG, is_downloaded, missing_bytes, models_directory
from pairwright.llm.keys import NO_KEYS, KeyChain, KeyStore, SystemKeyring
from pairwright.llm.local_servers import LOCAL_SERVERS, FoundServer, find_local_server
from pairwright.llm.providers import REMOTE_PROVIDERS
from pairwright.protocol.rendezvous import (
    require_private,
    runtime_place,
    state_place,
    workspace_around,
)
from pairwright.protocol.terminal import visible

_OLDEST_PYTHON = (3, 11)
_ENOUGH_WATCHES = 65_536
_SPARE_BYTES = 500_000_000
_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
_SERVER_PACKAGES = ("pygls", "lsprotocol", "litellm", "tree-sitter", "watchdog", "pathspec")
_LOCAL_PACKAGES = ("xllamacpp",)


class Health(StrEnum):
    """How something is."""

    GOOD = "✓"
    BAD = "✗"
    ABSENT = "–"
    """Not there, and not needed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    health: Health
    subject: str
    detail: str
    remedy: str | None = None
    """The command that mends it."""


def main(args: argparse.Namespace) -> int:
    """Run the command `doctor`: exit code 1 when something is bad."""
    findings = examine(workspace_around(Path.cwd()), os.environ, keyring=SystemKeyring())
    if args.is_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{to_line(finding)}\n" for finding in findings))
    return int(any(finding.health is Health.BAD for finding in findings))


def examine(
    root: Path,
    env: Mapping[str, str],
    *,
    keyring: KeyStore = NO_KEYS,
    find_server: Callable[[], FoundServer | None] = find_local_server,
    watches: Path = _WATCHES,
) -> tuple[Finding, ...]:
    """Look at everything that Pairwright needs on this machine."""
    models = models_directory(env)
    found = find_server()
    chain = KeyChain(env, keyring=keyring)
    keys = tuple(_keys(chain))
    embedded = (*_packages(_LOCAL_PACKAGES, "local", is_needed=False), *_model_files(models))
    return (
        _python(),
        *_packages(_SERVER_PACKAGES, "server", is_needed=True),
        *embedded,
        *_packages(("keyring",), "keyring", is_needed=False),
        *keys,
        _local_server(found),
        _some_model(keys, found, embedded),
        *_directories(root),
        *_settings(root, env),
        *_named_models(root, env, chain),
        _inotify(watches),
        _disk(models),
    )


def to_line(finding: Finding) -> str:
    """Return a finding as a line for a person."""
    line = visible(f"{finding.health} {finding.subject}: {finding.detail}")
    return f"{line}\n    {visible(finding.remedy)}" if finding.remedy else line


def _python() -> Finding:
    running = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= _OLDEST_PYTHON:
        return Finding(Health.GOOD, "Python", running)
    return Finding(Health.BAD, "Python", f"{running} is too old", "install Python 3.11 or newer")


def _packages(names: Iterable[str], extra: str, *, is_needed: bool) -> Iterable[Finding]:
    for name in names:
        try:
            yield Finding(Health.GOOD, name, version(name))
        except PackageNotFoundError:
            health = Health.BAD if is_needed else Health.ABSENT
            remedy = f"pip install 'pairwright[{extra}]'"
            yield Finding(health, name, "not installed", remedy)


def _model_files(directory: Path) -> Iterable[Finding]:
    for entry in CATALOG.values():
        if is_downloaded(entry, directory):
            yield Finding(Health.GOOD, entry.model, "there")
        else:
            missing = f"{missing_bytes(entry, directory) / 1e6:.0f} MB to download"
            remedy = f"pairwright models pull {entry.name}"
            yield Finding(Health.ABSENT, entry.model, missing, remedy)


def _keys(chain: KeyChain) -> Iterable[Finding]:
    for remote in REMOTE_PROVIDERS.values():
        if not remote.key_variables:
            continue
        variable, key = remote.key_variables[0], chain.of_provider(remote)
        if key is not None:
            detail = "in the keyring" if key.origin == "keyring" else "set"
            subject = variable if key.origin == "keyring" else key.origin
            yield Finding(Health.GOOD, subject, f"{detail}, for {remote.host} alone")
        elif remote.strong:
            yield Finding(Health.ABSENT, variable, "not set")


def _named_models(root: Path, env: Mapping[str, str], chain: KeyChain) -> Iterable[Finding]:
    try:
        settings, _ = load_settings(root, user_settings_file(env))
    except InvalidSettings:
        return  # Told where the settings are.
    for title, view in describe_named(settings.models, chain).items():
        role, _, name = title.partition(": ")
        if isinstance(view, str):
            yield Finding(Health.BAD, f"{role} model", view)
        else:
            yield Finding(Health.GOOD, f"{role} model", "; ".join((name, *view)))


def _local_server(found: FoundServer | None) -> Finding:
    if found is None:
        ports = ", ".join(f"{server.title} {server.port}" for server in LOCAL_SERVERS)
        return Finding(Health.ABSENT, "local model server", f"none answers ({ports})")
    # Any program may answer at such a port: a name must not pass for a line of ours.
    names = ", ".join(" ".join(name.split()) for name in found.models[:5])
    return Finding(Health.GOOD, "local model server", f"{found.server.title} offers {names}")


def _some_model(
    keys: Iterable[Finding], found: FoundServer | None, embedded: Iterable[Finding]
) -> Finding:
    if found is not None or any(key.health is Health.GOOD for key in keys):
        return Finding(Health.GOOD, "a model to ask", "yes")
    lacking = [finding for finding in embedded if finding.health is not Health.GOOD]
    if not lacking:
        return Finding(Health.GOOD, "a model to ask", "the embedded pair")
    if all(finding.subject in CATALOG for finding in lacking):
        return Finding(Health.GOOD, "a model to ask", "the embedded pair, once it is downloaded")
    remedy = "pip install 'pairwright[local]', or set a key, or start a local model server"
    return Finding(Health.BAD, "a model to ask", "none", remedy)


def _directories(root: Path) -> Iterable[Finding]:
    directories: tuple[tuple[str, Callable[[], Path]], ...] = (
        ("runtime directory", runtime_place),
        ("state directory", lambda: state_place(root)),
    )
    for subject, find in directories:
        try:
            directory = find()
            if os.path.lexists(directory):
                require_private(directory)
        except InvalidSettings as error:
            yield Finding(Health.BAD, subject, str(error))
            continue
        there = _nearest(directory)
        if os.access(there, os.W_OK | os.X_OK):
            yield Finding(Health.GOOD, subject, str(directory))
        else:
            remedy = f"chmod u+rwx {there}"
            yield Finding(Health.BAD, subject, f"{there} cannot be written", remedy)


def _settings(root: Path, env: Mapping[str, str]) -> Iterable[Finding]:
    try:
        file = user_settings_file(env)
    except InvalidSettings as error:
        yield Finding(Health.BAD, "settings", str(error))
        return
    _, problems = load_settings(root, file)
    for problem in problems:
        yield Finding(Health.BAD, "settings", problem, f"edit {file} or pyproject.toml")
    if not problems:
        yield Finding(Health.GOOD, "settings", str(file) if file.exists() else "the defaults")


def _inotify(watches: Path) -> Finding:
    try:
        limit = int(watches.read_text("ascii"))
    except (OSError, ValueError):
        return Finding(Health.ABSENT, "inotify", "this system has no such limit")
    if limit >= _ENOUGH_WATCHES:
        return Finding(Health.GOOD, "inotify", f"{limit} watches")
    remedy = f"sudo sysctl fs.inotify.max_user_watches={_ENOUGH_WATCHES * 8}"
    return Finding(Health.BAD, "inotify", f"only {limit} watches", remedy)


def _disk(models: Path) -> Finding:
    free = shutil.disk_usage(_nearest(models)).free
    needed = sum(missing_bytes(entry, models) for entry in CATALOG.values()) + _SPARE_BYTES
    detail = f"{free / 1e9:.1f} GB free"
    if free >= needed:
        return Finding(Health.GOOD, "disk", detail)
    wanted = f"{detail}, the embedded models want {needed / 1e9:.1f} GB"
    return Finding(Health.BAD, "disk", wanted, "free some, or set PAIRWRIGHT_DATA_DIR elsewhere")


def _nearest(directory: Path) -> Path:
    """Return what is there of a path: what is not made yet will be made below it."""
    return next(path for path in (directory, *directory.parents) if path.exists())
