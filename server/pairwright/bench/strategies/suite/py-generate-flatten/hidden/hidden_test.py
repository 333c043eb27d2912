from nested import depth, flatten

assert flatten([]) == []
assert flatten([[], [[]]]) == []
assert flatten(["ab", ["cd"]]) == ["ab", "cd"]
assert flatten([(1, 2), [(3,)]]) == [(1, 2), (3,)]
assert depth([1, [2, [3]]]) == 3
