from words import most_common, words_of

assert most_common("", 3) == []
assert most_common("One one TWO", 5) == [("one", 2), ("two", 1)]
assert most_common("d c b a", 3) == [("a", 1), ("b", 1), ("c", 1)]
assert most_common("x, x; y! y? z", 1) == [("x", 2)]
assert words_of("A b") == ["a", "b"]
