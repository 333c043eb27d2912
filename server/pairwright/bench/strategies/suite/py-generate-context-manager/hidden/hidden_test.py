from timing import measured

times = iter([1, 2, 10, 15])
log = []
with measured(log, lambda: next(times)):
    pass
try:
    with measured(log, lambda: next(times)):
        raise KeyError("x")
except KeyError:
    pass
else:
    raise AssertionError("the exception is lost")
assert log == [1, 5]
