"""What does `pairwright mcp` do? It serves an assistant, or tells one how to be served."""

import argparse

from pairwright_client.mcp_forwarder import forward_lines, hold_http
from pairwright_client.mcp_install import install


def mcp(args: argparse.Namespace) -> int:
    """Carry the command out; return its exit code."""
    if args.action == "install":
        return install(args.client, is_written=args.write)
    return (hold_http if args.http else forward_lines)(args.workspace)
