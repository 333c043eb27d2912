from matrices import multiply, transpose

assert transpose([[1, 2, 3]]) == [[1], [2], [3]]
assert transpose([]) == []
assert multiply([[1, 2], [3, 4]], [[5, 6], [7, 8]]) == [[19, 22], [43, 50]]
assert multiply([[1, 2, 3]], [[1], [1], [1]]) == [[6]]
try:
    multiply([[1, 2]], [[1, 2]])
except ValueError:
    pass
else:
    raise AssertionError("the sizes do not fit")
