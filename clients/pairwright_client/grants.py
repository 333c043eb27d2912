"""What may an assistant do beyond reading? The commands `grant` and `revoke`."""

import argparse
import sys

from pairwright.errors import InvalidRequest
from pairwright.protocol.grant_messages import GrantsParams, GrantsResult, Scope
from pairwright.protocol.terminal import visible
from pairwright_client.client import DaemonClient
from pairwright_client.queries import ask, write_json
from pairwright_client.terminal import Screen

_SCOPES: tuple[Scope, ...] = ("spend", "write")
_MEANINGS = {"spend": "spend money on models", "write": "write files unasked"}


def grant(args: argparse.Namespace) -> int:
    """Let an assistant do something; without one, list who may do what."""
    if (args.client is None) != (args.scope is None):
        raise InvalidRequest("say what it may do: `pairwright grant CLIENT write` or `… spend`")
    is_granted = None if args.client is None else True
    params = GrantsParams(client=args.client, scope=args.scope, is_granted=is_granted)
    result = ask(args, lambda client: client.grants(params))
    if args.json:
        write_json(result)
    else:
        show_grants(Screen.of(sys.stdout), result)
    return 0


def revoke(args: argparse.Namespace) -> int:
    """Take back what an assistant may do."""
    scopes = _SCOPES if args.scope is None else (args.scope,)

    async def take_back(client: DaemonClient) -> GrantsResult:
        for scope in scopes:
            params = GrantsParams(client=args.client, scope=scope, is_granted=False)
            result = await client.grants(params)
        return result

    result = ask(args, take_back)
    if args.json:
        write_json(result)
    else:
        show_grants(Screen.of(sys.stdout), result)
    return 0


def show_grants(screen: Screen, result: GrantsResult) -> None:
    """Write who may do what."""
    if not result.grants:
        screen.line("Every assistant may read here and propose; none may write or spend.")
    for each in result.grants:
        may = " and ".join(_MEANINGS[scope] for scope in each.scopes)
        screen.line(f"{visible(each.client)} may {may}, in this workspace.")
