from money import split

for cents in range(50):
    for people in range(1, 8):
        parts = split(cents, people)
        assert sum(parts) == cents and len(parts) == people
        assert max(parts) - min(parts) <= 1
        assert parts == sorted(parts, reverse=True)
