"""What runs in the child process of an embedded model? llama.cpp's own server, through xllamacpp.

Started as `python -m pairwright.llm.embedded_server`. One JSON line on stdin configures it, so that
the key is in no argument list; one JSON line on stdout answers where it listens. It ends when its
parent does.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from typing import Any

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Load the model, say where it is served, and serve until stdin ends."""
    config = json.loads(sys.stdin.readline())
    _die_with(config["parent"])
    # llama.cpp writes to the descriptors themselves: only our one line may reach the parent.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        server = _serve(config)
    except Exception as error:
        _say(answer, {"error": f"{type(error).__name__}: {error}"})
        sys.exit(1)
    _say(answer, {"address": server.listening_address})
    threading.Event().wait()


def _serve(config: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = config["model_path"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [config["api_key"]]
    params.n_ctx = config["context_tokens"]
    params.n_parallel = 1
    params.cpuparams.n_threads = config["threads"]
    params.cpuparams_batch.n_threads = config["threads"]
    params.cache_prompt = True
    # Fitting asks the model twice to find what we set ourselves.
    params.fit_params = False
    params.ui = False
    params.endpoint_slots = False
    return xllamacpp.Server(params)


def _say(answer: Any, line: dict[str, str]) -> None:
    answer.write(json.dumps(line) + "\n")
    answer.flush()


def _die_with(parent: int) -> None:
    """Ask Linux to end this process with its parent, which even a killed parent brings about."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it was gone before we asked


def _end_with_stdin() -> None:
    # Everywhere: the parent holds the other end and writes nothing more.
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
