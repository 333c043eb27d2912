from durations import parse_duration

assert parse_duration("2m") == 120
assert parse_duration("1h2m3s") == 3723
assert parse_duration("0s") == 0
for text in ("", "5", "s", "1x", "1m soon", "m1"):
    try:
        parse_duration(text)
    except ValueError:
        pass
    else:
        raise AssertionError(text)
