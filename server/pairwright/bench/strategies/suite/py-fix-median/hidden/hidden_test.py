from stats import mean, median

assert median([7]) == 7
assert median([1, 2]) == 1.5
assert median([10, 0, 5, 1]) == 3
assert median([9, 1, 5]) == 5
values = [3, 1, 2, 9]
assert median(values) == 2.5 and values == [3, 1, 2, 9]
assert mean([1, 2, 3]) == 2
