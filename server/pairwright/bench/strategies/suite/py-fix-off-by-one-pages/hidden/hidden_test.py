from pages import page, page_count

items = list(range(7))
assert [page(items, number, 3) for number in (1, 2, 3)] == [[0, 1, 2], [3, 4, 5], [6]]
assert page(items, 4, 3) == []
assert [page_count(items[:count], 3) for count in range(8)] == [0, 1, 1, 1, 2, 2, 2, 3]
