"""How much memory does this process hold?"""

import resource
import sys
from pathlib import Path


def resident_mb() -> float:
    """Return the memory that this process holds, or where that is not told its peak."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
