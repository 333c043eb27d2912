"""Does the file system under a directory tell of every change? Network file systems do not."""

import re
from pathlib import Path

_SILENT_TYPE = re.compile(
    r"nfs\d?|cifs|smb\w*|9p|afs|ceph|lustre|gfs2|ocfs2|glusterfs|coda|ncpfs|virtiofs|drvfs"
    r"|vboxsf|prl_fs|vmhgfs|fuse\..+"
)
_ESCAPE = re.compile(r"\\([0-7]{3})")


def read_mounts() -> str:
    """Return the kernel's table of mounts; empty where there is none."""
    try:
        return Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return ""


def silent_file_system(root: str, mounts: str) -> str:
    """Return the type of a file system, at a directory or below it, that hides others' changes.

    Args:
        root: absolute, without symbolic links.
        mounts: as in Linux's `/proc/self/mountinfo` (proc(5)).

    Returns:
        Empty when every change is told of.
    """
    below = root.rstrip("/") + "/"
    own_point, own_type = "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, types = before.split(), after.split()
        if len(fields) < 5 or not types:
            continue
        point = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[4])
        if below.startswith(point.rstrip("/") + "/"):
            if len(point) >= len(own_point):  # a later mount covers an earlier one
                own_point, own_type = point, types[0]
        elif point.startswith(below) and _SILENT_TYPE.fullmatch(types[0]):
            return types[0]
    return own_type if _SILENT_TYPE.fullmatch(own_type) else ""
