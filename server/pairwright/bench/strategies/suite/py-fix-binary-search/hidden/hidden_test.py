from search import find

for size in range(8):
    items = list(range(0, size * 2, 2))
    for index, item in enumerate(items):
        assert find(items, item) == index, (items, item)
    for missing in range(-1, size * 2, 2):
        assert find(items, missing) == -1, (items, missing)
