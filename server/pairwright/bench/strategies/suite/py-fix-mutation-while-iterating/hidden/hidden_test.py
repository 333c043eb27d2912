from cleaning import remove_negative

for numbers in ([], [-1], [-1, -1, -1], [0, -1, 0], [5, -5, -5, 5, -5]):
    given = list(numbers)
    assert remove_negative(given) is None
    assert given == [number for number in numbers if number >= 0], (numbers, given)
