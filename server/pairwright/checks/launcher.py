"""How does a command get its bounds before it begins? This program sets them, and becomes it.

Run as a file by a plain interpreter, so it may import nothing of ours. Its first argument is JSON:
`status` (a descriptor to report on), `limits` (name of a resource -> most), `is_offline`,
`read_only` (directories) and `borrowed` (pairs of a directory and where it is to be seen); the
others are the command. On the status descriptor comes one line: what could not be denied, else
empty; should the command not begin, a second one with the number of the error.
"""

import ctypes
import fcntl
import json
import os
import resource
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

_NEW_USER, _NEW_MOUNTS, _NEW_NETWORK = 0x10000000, 0x00020000, 0x40000000
_BIND, _REMOUNT, _READ_ONLY, _RECURSIVE, _PRIVATE = 4096, 32, 1, 16384, 1 << 18
# What a mount may not lose in a namespace with fewer rights: nosuid, nodev, noexec, noatime.
_LOCKED_FLAGS = 2 | 4 | 8 | 1024 | 2048
_SET_INTERFACE_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41


def main(options: dict[str, Any], argv: list[str]) -> None:
    """Set the bounds and become the command; returns only with an exit code, by raising."""
    status = options["status"]
    os.set_inheritable(status, False)
    for name, most in options["limits"].items():
        _limit(getattr(resource, name), most)
    problem = ""
    if options["is_offline"]:
        problem = _rehearse(options)
        if not problem:
            _confine(options)
    os.write(status, f"{problem}\n".encode())
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - the whole point: no shell, and no second process
    except OSError as error:
        os.write(status, f"{error.errno}\n".encode())
        raise SystemExit(127) from None


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(kind, (bound, bound))


def _rehearse(options: dict[str, Any]) -> str:
    """Confine a child, and return why that fails; empty when it does not.

    Some systems grant the namespaces and then no right in them: half confined is worse than not,
    because nothing on the loopback device would answer.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        problem = ""
        try:
            _confine(options)
        except (OSError, AttributeError) as error:
            problem = getattr(error, "strerror", None) or "not supported"
        os.write(write_end, problem.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as told:
        reason = told.read().decode()
    os.waitpid(child, 0)
    return reason


def _confine(options: dict[str, Any]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    # The same user and group as outside, so that a program sees no difference in who it is.
    user, group = os.getuid(), os.getgid()
    _require(libc.unshare(_NEW_USER | _NEW_MOUNTS | _NEW_NETWORK))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    with socket.socket() as any_socket:
        request = struct.pack("16sh22x", b"lo", _UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SET_INTERFACE_FLAGS, request)
    _require(libc.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None))
    _show_read_only(libc, ((path, path) for path in options["read_only"]))
    _show_read_only(libc, options["borrowed"])


def _show_read_only(libc: ctypes.CDLL, places: Iterable[tuple[str, str]]) -> None:
    for source, target in places:
        encoded = os.fsencode(target)
        _require(libc.mount(os.fsencode(source), encoded, None, _BIND | _RECURSIVE, None))
        locked = os.statvfs(target).f_flag & _LOCKED_FLAGS
        _require(libc.mount(None, encoded, None, _BIND | _REMOUNT | _READ_ONLY | locked, None))


def _require(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
