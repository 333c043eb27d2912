from cache import Cache

cache = Cache(2)
cache.get("a", lambda: 1)
cache.get("b", lambda: 2)
assert cache.get("a", lambda: 9) == 1
cache.get("c", lambda: 3)
assert sorted(cache.values) == ["a", "c"], "b was used longest ago"
assert cache.get("b", lambda: 5) == 5
assert len(cache.values) == 2
cache = Cache(1)
assert cache.get("n", lambda: None) is None
assert cache.get("n", lambda: 1) is None
