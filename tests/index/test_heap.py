"""Do many threads share one heap, and is it the setting that makes them?"""

import subprocess
import sys

import pytest

THREADS = """
import ctypes, threading
from pairwright.index.heap import share_one_heap
{setting}
barrier = threading.Barrier(4)
def need():
    kept = [bytes(1000) for _ in range(1000)]
    barrier.wait()
threads = [threading.Thread(target=need) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def heaps(setting: str) -> int:
    program = THREADS.format(setting=setting)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.count("Arena ")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own heaps")
def test_threads_share_one_heap() -> None:
    if heaps("") <= 1:
        pytest.skip("this C library has one heap anyway")
    assert heaps("share_one_heap()") == 1
