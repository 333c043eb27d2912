import dataclasses

from points import Point

assert dataclasses.is_dataclass(Point)
assert [field.name for field in dataclasses.fields(Point)] == ["x", "y"]
assert Point(3, 4).length() == 5
assert Point(1) == Point(1, 0.0) and Point(1) != Point(2)
assert len({Point(1, 2), Point(1, 2)}) == 1
try:
    Point(1).x = 2
except dataclasses.FrozenInstanceError:
    pass
else:
    raise AssertionError("a point does not change")
