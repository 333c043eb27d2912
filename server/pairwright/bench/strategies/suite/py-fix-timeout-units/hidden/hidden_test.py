from client import call
from settings import Settings

pauses = []
tries = []


def fail():
    tries.append(1)
    if len(tries) < 3:
        raise OSError
    return "done"


assert call(fail, Settings(tries=3, pause_ms=250), sleep=pauses.append) == "done"
assert pauses == [0.25, 0.25]
assert Settings().pause_ms == 250
