"""Which keys are there, and how does one get into the keyring? The command `keys`.

A key is read from a prompt that shows nothing, or from standard input; never from an argument,
which every process of the machine could read.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pairwright.daemon.configuration import load_settings, user_settings_file
from pairwright.errors import InvalidRequest, NoModel, UserError
from pairwright.llm.keys import KeyChain, SystemKeyring, is_sendable
from pairwright.llm.providers import REMOTE_PROVIDERS, near, provider_named
from pairwright.protocol.rendezvous import workspace_around
from pairwright.protocol.terminal import visible
from pairwright.settings import ModelSettings


def main(args: argparse.Namespace) -> int:
    """Run the command `keys`."""
    try:
        root = workspace_around(Path.cwd())
        settings, _ = load_settings(root, user_settings_file(os.environ))
        keyring = SystemKeyring()
        match args.action:
            case "list":
                sys.stdout.write(listing(settings.models, os.environ, keyring))
            case "set":
                name = key_name(args.provider, settings.models)
                keyring.put(name, _read_key(name))
                sys.stdout.write(f"the keyring has a key for {name}\n")
            case "delete":
                name = key_name(args.provider, settings.models)
                was_there = keyring.delete(name)
                held = "no longer has a" if was_there else "had no"
                sys.stdout.write(f"the keyring {held} key for {name}\n")
    except UserError as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        return 2
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\nnothing was changed\n")
        return 130
    return 0


def key_name(name: str, settings: ModelSettings) -> str:
    """Return the name that a key is kept under: a provider's, or one that an endpoint says.

    Raises:
        NoModel: nobody would ever be sent that key.
    """
    places = {endpoint.key for endpoint in settings.endpoints.values()}
    if f"keyring:{name}" in places or provider_named(name) is not None:
        return name
    likely = near(name)
    meant = f": did you mean {' or '.join(likely)}?" if likely else ""
    raise NoModel(f"no provider and no endpoint wants a key for {name!r}{meant}")


def listing(settings: ModelSettings, env: Mapping[str, str], keyring: SystemKeyring) -> str:
    """Return one line a key: for whom, where it is, and whom it is sent to; never the key."""
    keys = KeyChain(env, keyring=keyring)
    rows = [
        (provider.name, key.origin, provider.host or "its own host")
        for provider in REMOTE_PROVIDERS.values()
        if provider.name not in settings.endpoints and (key := keys.of_provider(provider))
    ]
    for name, endpoint in settings.endpoints.items():
        if endpoint.key:
            is_there = keys.at(endpoint.key) is not None
            place = endpoint.key if is_there or endpoint.key.startswith("editor:") else "missing"
            shown = place if place != "missing" else f"missing: {endpoint.key}"
            rows.append((name, shown, endpoint.api_base))
    if not rows:
        return (
            "no keys: set a variable such as OPENAI_API_KEY, or run `pairwright keys set openai`\n"
        )
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "".join(
        visible(f"{name:<{widths[0]}}  {place:<{widths[1]}}  {host}") + "\n"
        for name, place, host in rows
    )


def _read_key(name: str) -> str:
    if sys.stdin.isatty():
        key = getpass.getpass(f"key for {name} (not shown): ")
    else:
        key = sys.stdin.readline()
    key = key.strip()
    if not is_sendable(key):
        raise InvalidRequest("that is no key: one line of printable ASCII without spaces")
    return key
